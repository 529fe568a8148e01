// Owns how things look on a terminal: colour, aligned columns, numbers. It must let no control character of an email
// through, which could rewrite what the terminal shows.

import { styleText } from 'node:util'

type Format = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

/** Colours text for standard output; node:util heeds NO_COLOR, FORCE_COLOR and whether it is a terminal. */
export const paint = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout })

/** A table's cell; a bare string has no colour. */
export type Cell = string | { readonly text: string; readonly format: Format }

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

/** Aligned columns under a dim head line. The last column is as wide as it likes. */
export function formatTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const headCells = head.map((text): Cell => ({ text, format: 'dim' }))
  const widths = head.map((text, column) =>
    rows.reduce((width, row) => Math.max(width, textOf(row[column] ?? '').length), text.length),
  )
  const formatRow = (row: readonly Cell[]): string =>
    row
      .map((cell, column) => {
        const text = textOf(cell)
        const padding = column === row.length - 1 ? '' : ' '.repeat(widths[column]! - text.length + 2)
        return (typeof cell === 'string' ? text : paint(cell.format, text)) + padding
      })
      .join('')
      .trimEnd()
  return [headCells, ...rows].map((row) => `${formatRow(row)}\n`).join('')
}

export const formatNumber = (value: number): string => value.toLocaleString('en-US')

/**
 * What an email or a DNS answer says, made fit for one line of a terminal.
 *
 * @param longest in characters: a `data:` link can have a megabyte; `--json` has it whole
 */
export function printable(text: string, longest = 200): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
}
