/**
 * What a terminal obeys and a reader does not see: C0 and C1 controls, bidirectional controls and other format characters,
 * lone surrogates, line and paragraph separators (Unicode general categories).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * What an email, a DNS answer or an argument says, made fit for one line on a screen: `\u{1b}` stands for an escape.
 *
 * @param longest in UTF-16 code units: a `data:` link can have a megabyte
 */
export function printable(text: string, longest = 200): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
  return cut.replace(unprintable, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
}

/** `102,400`, in every locale. */
export const formatNumber = (value: number): string => value.toLocaleString('en-US')
