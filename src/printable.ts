/**
 * What a terminal obeys and a reader does not see: C0 and C1 controls, bidirectional controls and other format characters,
 * lone surrogates, private and unassigned characters, line and paragraph separators (Unicode general categories).
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Makes text of anybody's fit for one line on a screen or in a log: `\u001b` stands for an escape. JSON stays the same JSON. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (char) =>
    char.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

/**
 * What an email, a DNS answer or an argument says, cut and {@link escapeUnprintable | escaped}.
 *
 * @param longest before it is escaped, in UTF-16 code units: a `data:` link can have a megabyte
 */
export function printable(text: string, longest = 200): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
  return escapeUnprintable(cut)
}
