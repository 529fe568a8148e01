import { setTimeout as wait } from 'node:timers/promises'
import { styleText } from 'node:util'
import { escapeUnprintable, printable } from '../printable.ts'
import { failure, reasonOf } from './failure.ts'
import { formatJson } from './format-json.ts'

type Format = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

/** Colours text for standard output; node:util heeds NO_COLOR, FORCE_COLOR and whether it is a terminal. */
export const paint = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout })

/** A table's cell; a bare string has no colour. */
export type Cell = string | { readonly text: string; readonly format: Format }

/** Aligned columns under a dim head line. Whatever the cells hold is made printable. The last column has any width. */
export function formatTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = [head.map((text): Cell => ({ text, format: 'dim' })), ...rows].map((row) => row.map(toPrintableCell))
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.text.length ?? 0)))
  const formatRow = (row: (typeof table)[number]): string =>
    row
      .map(({ text, format }, column) => {
        const padding = column === row.length - 1 ? '' : ' '.repeat(widths[column]! - text.length + 2)
        return (format === undefined ? text : paint(format, text)) + padding
      })
      .join('')
      .trimEnd()
  return table.map((row) => `${formatRow(row)}\n`).join('')
}

function toPrintableCell(cell: Cell): { readonly text: string; readonly format?: Format } {
  return typeof cell === 'string' ? { text: printable(cell) } : { ...cell, text: printable(cell.text) }
}

/** Writes a result and waits until it is out. A reader that has left (`| head`) is no failure. */
export function print(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve()
      else reject(failure(`cannot write to standard output: ${reasonOf(error)}`))
    })
  })
}

export const printJson = (value: unknown): Promise<void> => print(`${formatJson(value, 2)}\n`)

/** In bytes: what is kept for a reader that has stalled. A server that goes on for weeks must not collect what nobody reads. */
const longestBacklog = 1_000_000

/** Writes a text that may be left out when its reader has stalled; says whether it was written. */
export function offer(stream: NodeJS.WriteStream, text: string): boolean {
  if (stream.writableLength > longestBacklog) return false
  stream.write(text)
  return true
}

/** A message to whoever started the program. It may quote anything: arguments, answers, file names. */
export function note(message: string): void {
  offer(process.stderr, `mailtrace: ${message.split('\n').map(escapeUnprintable).join('\n')}\n`)
}

/** Waits until what was written is out, or until a reader that has stalled has had its time. */
export async function settleOutput(timeoutMs: number): Promise<void> {
  const isOut = new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  await Promise.race([isOut, wait(timeoutMs)])
}
