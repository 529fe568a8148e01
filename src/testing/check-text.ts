import type { HrefPair } from './check-links.ts'
import type { HtmlSource } from './html-source.ts'
import type { JudgedImage } from './judge.ts'
import type { Report } from './report.ts'
import type { TextRange } from './violation.ts'

/** Checks that every unit between the hrefs is what it was, the added pixels taken out. */
export function checkText(
  before: HtmlSource,
  after: HtmlSource,
  pairs: readonly HrefPair[],
  pixels: readonly JudgedImage[],
  report: Report,
): void {
  const end = { original: [before.units.length, 0], instrumented: [after.units.length, 0] } as const
  let [originalStart, instrumentedStart] = [0, 0]
  for (const { original, instrumented } of [...pairs, end]) {
    const inside = pixels.filter(({ start, end }) => start >= instrumentedStart && end <= instrumented[0])
    const now = takeOut(after.units, [instrumentedStart, instrumented[0]], inside)
    const difference = findDifference(before.units.slice(originalStart, original[0]), now.text)
    if (difference !== null) {
      let [from, wasEnd, isEnd] = difference
      while (from > 0 && (before.isInCharacter(originalStart + from) || after.isInCharacter(now.placeOf(from)))) from--
      while (before.isInCharacter(originalStart + wasEnd) || after.isInCharacter(now.placeOf(isEnd)))
        [wasEnd, isEnd] = [wasEnd + 1, isEnd + 1]
      const end = isEnd === from ? now.placeOf(from) : now.placeOf(isEnd - 1) + 1
      report.add('changed', [originalStart + from, originalStart + wasEnd], [now.placeOf(from), end])
    }
    originalStart = original[1]
    instrumentedStart = instrumented[1]
  }
}

/** A text without the pixels in it, and where in the whole a place of it is. */
function takeOut(units: string, [start, end]: TextRange, pixels: readonly JudgedImage[]) {
  let text = ''
  let copied = start
  const cuts: { readonly at: number; readonly length: number }[] = []
  for (const pixel of pixels) {
    text += units.slice(copied, pixel.start)
    cuts.push({ at: text.length, length: pixel.end - pixel.start })
    copied = pixel.end
  }
  text += units.slice(copied, end)
  const placeOf = (at: number): number =>
    start + at + cuts.reduce((sum, cut) => (cut.at <= at ? sum + cut.length : sum), 0)
  return { text, placeOf }
}

/** The shortest range outside which two texts are the same; `null` if they are. */
function findDifference(was: string, is: string): readonly [from: number, wasEnd: number, isEnd: number] | null {
  if (was === is) return null
  let from = 0
  while (from < was.length && was[from] === is[from]) from++
  let [wasEnd, isEnd] = [was.length, is.length]
  while (wasEnd > from && isEnd > from && was[wasEnd - 1] === is[isEnd - 1]) {
    wasEnd--
    isEnd--
  }
  return [from, wasEnd, isEnd]
}
