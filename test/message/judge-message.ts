// Judges an instrumented message by what stands in the message that was passed in and what the outcomes say.

import { expect } from 'vitest'
import type { InstrumentedMessage, PartOutcome } from '../../src/message/index.ts'
import type { SeenPart } from './parsers.ts'

type Instrumented = PartOutcome & { readonly kind: 'instrumented' }

const pixelStyle = /" width="1" height="1" alt="" style="[^"]*">/y

/** The parts that were to be changed, in order. */
export function changedParts({ parts }: InstrumentedMessage): readonly Instrumented[] {
  return parts.filter(
    (part): part is Instrumented =>
      part.kind === 'instrumented' &&
      (part.pixel.kind === 'placed' || part.links.some(({ kind }) => kind === 'tracked')),
  )
}

/** Outside of changed parts, and of what says how they are encoded, every byte is where it was. */
export function judgeBytes(raw: Uint8Array, result: InstrumentedMessage): void {
  const before = latin1(raw)
  const after = latin1(result.message)
  const changed = changedParts(result)
  if (changed.length === 0) {
    expect(result.message).toBe(raw)
    return
  }
  let from = 0
  let at = 0
  for (const [index, { start, end }] of changed.entries()) {
    const kept = before.slice(from, start)
    if (index === 0 && after.startsWith(kept)) at = kept.length
    else at = skipKept(after, kept, at)
    from = end
  }
  const rest = before.slice(from)
  expect(after.slice(at).endsWith(rest), 'what follows the last changed part').toBe(true)
}

/** Where the text goes on after what was kept; the transfer encoding may have become another. */
function skipKept(after: string, kept: string, from: number): number {
  const at = after.indexOf(kept, from)
  if (at !== -1) return at + kept.length
  const label = /^content-transfer-encoding:[^\n]*\n/gim
  const bare = (text: string): string => text.replace(label, '')
  const found = [...after.slice(from).matchAll(/\n\r?\n/g)].find(({ index }) =>
    bare(after.slice(from, from + index + 3))
      .trimEnd()
      .endsWith(bare(kept).trimEnd()),
  )
  expect(found, `kept: ${kept.slice(-200)}`).toBeDefined()
  return from + found!.index + found![0].length
}

/** The same tree, headers and contents but for tracked hrefs and pixels. */
export function judgeParts(before: readonly SeenPart[], after: readonly SeenPart[], result: InstrumentedMessage): void {
  const shape = (parts: readonly SeenPart[]): unknown =>
    parts.map(({ depth, type, headers }) => ({ depth, type, headers }))
  expect(shape(after)).toEqual(shape(before))
  const changed = after.flatMap((part, index) => (part.content === before[index]!.content ? [] : [index]))
  const outcomes = changedParts(result)
  expect(changed.map((index) => after[index]!.type)).toEqual(outcomes.map(({ type }) => type))
  for (const [position, index] of changed.entries()) {
    judgeContent(before[index]!.content!, after[index]!.content!, outcomes[position]!)
  }
}

function judgeContent(before: string, after: string, part: Instrumented): void {
  const isText = part.type === 'text/plain'
  const [original, changed] = isText ? [utf8(before), utf8(after)] : [before, after]
  let rest = changed
  if (part.pixel.kind === 'placed') {
    for (const url of part.pixel.urls) {
      const start = rest.indexOf(`<img src="${url}`)
      expect(start, 'the pixel').not.toBe(-1)
      pixelStyle.lastIndex = start + `<img src="${url}`.length
      expect(pixelStyle.test(rest), 'the whole pixel').toBe(true)
      rest = rest.slice(0, start) + rest.slice(pixelStyle.lastIndex)
    }
  }
  // By what stands between the links: some decoders drop white space at the end of lines, and with it shift what follows.
  let at = 0
  for (const link of part.links) {
    if (link.kind === 'skipped') continue
    const start = rest.indexOf(link.url, at)
    expect(start, link.url).not.toBe(-1)
    const value = original.slice(start, start + link.end - link.start)
    rest = rest.slice(0, start) + value + rest.slice(start + link.url.length)
    at = start + value.length
  }
  expect(rest).toBe(original)
}

export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')
