// What the text of an attribute means, and the text between tags: line ends, NUL and character references, each handled once,
// as the HTML standard does. The one file that imports `entities`.

import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'
import type { Markup } from './markup.ts'

const special = /[&\r\0]/

/** The value of an attribute whose text stands in `[start, end)`. */
export function attributeValue(markup: Markup, start: number, end: number): string {
  const text = markup.decode(markup.text.slice(start, end))
  if (!special.test(text)) return text
  // Before the references are decoded: `&#13;` is a carriage return that stays one.
  // https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream
  const normalized = text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')
  // The attribute rule: `&copy=1` and `&copya` stay, as they are more likely query parameters.
  return normalized.includes('&') ? decodeHTMLAttribute(normalized) : normalized
}

/** What a reader sees of text between two tags, but for white space. NUL is dropped, as in the body. */
export function decodeText(text: string): string {
  const shown = text.replaceAll('\0', '')
  return shown.includes('&') ? decodeHTML(shown) : shown
}
