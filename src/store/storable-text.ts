/**
 * PostgreSQL's text holds no U+0000 (manual, section 8.3) and no half of a surrogate pair, and clients send both. An event must
 * not be lost by that, nor may a text be looked up otherwise than it was stored.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
