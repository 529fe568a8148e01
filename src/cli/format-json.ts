/** Invisible or obeyed by a terminal, and left as they are by JSON.stringify, which escapes C0 controls alone. */
const unprintable = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * JSON that can be shown on a terminal. It reads back as the same value, as what a terminal would obey is escaped.
 *
 * @param indent spaces a level. Default: 0, all on one line
 */
export function formatJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(unprintable, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
}
