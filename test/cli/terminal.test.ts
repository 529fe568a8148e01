import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { formatTable, offer } from '../../src/cli/terminal.ts'

it('a table makes every cell printable, and aligns what is shown', () => {
  expect(formatTable(['a', 'b'], [['\u001b', 'x\u202e'], [{ text: '\u009b1', format: 'red' }, 'y'], ['z']])).toBe(
    'a        b\n\\u001b   x\\u202e\n\\u009b1  y\nz\n',
  )
})

it('what is offered to a reader that has stalled is kept up to a megabyte', () => {
  const stalled = new Writable({ write: () => {} }) as unknown as NodeJS.WriteStream
  let written = 0
  for (let i = 0; i < 30; i++) if (offer(stalled, 'x'.repeat(100_000))) written++
  expect([written, stalled.writableLength]).toEqual([11, 1_100_000])
})
