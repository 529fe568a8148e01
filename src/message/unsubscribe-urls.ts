import { parseUrl } from '../url.ts'
import { fieldValue, type Header } from './header.ts'

/** Where one bracketed URL stands in the field (RFC 2369 section 3.2). */
const bracketed = /<([^<>]*)>/g

/**
 * The URLs of List-Unsubscribe, as `URL` serialises them. A bare POST to them must be answered (RFC 8058), and nobody needs
 * to know who unsubscribes. So links to them in the body are never tracked.
 */
export function readUnsubscribeUrls(source: string, header: Header): readonly string[] {
  return header.fields
    .filter(({ name }) => name === 'list-unsubscribe')
    .flatMap((field) => [...fieldValue(source, field).matchAll(bracketed)])
    .flatMap(([, text = '']) => parseUrl(text.replace(/\s+/g, ''))?.href ?? [])
}
