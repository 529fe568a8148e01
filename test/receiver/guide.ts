// The receiver's guide, as its tests read it.

import { readFileSync } from 'node:fs'

export const guide: string = readFileSync(new URL('../../src/receiver/README.md', import.meta.url), 'utf8')

/** The first block of code below a heading. */
export function blockUnder(heading: string): string {
  const section = guide.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`))
  const code = /```\w+\n(?<code>.*?)```/s.exec(section ?? '')?.groups?.code
  if (code === undefined) throw new Error(`the guide has no block under ${heading}`)
  return code
}

/** The first cells of the rows of a table below a heading, and the second. */
export function rowsUnder(heading: string): readonly (readonly [first: string, second: string])[] {
  const section = guide.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((line) => {
    const [, first = '', second = ''] = line.split('|').map((cell) => cell.trim())
    return [first, second] as const
  })
}
