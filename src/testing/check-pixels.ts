import type { CheckedDomain } from '../config/domain-config.ts'
import { pixelTag } from '../instrument/pixel-tag.ts'
import { createUrlReader } from '../tracking-url/read-tracking-url.ts'
import type { HtmlSource } from './html-source.ts'
import { type JudgedHtml, type JudgedImage, judgeHtml } from './judge.ts'
import { contentsOf, flattenTree, imagesInBody, reopensFormatting } from './judged-tree.ts'
import type { ReferenceReader } from './read-reference.ts'
import type { Report } from './report.ts'
import type { TextRange } from './violation.ts'

/** The domain's pixels that were not there before. Whatever they look like, the mail without them must be the original. */
export function findAddedPixels(
  original: JudgedHtml,
  instrumented: JudgedHtml,
  domain: CheckedDomain,
): readonly JudgedImage[] {
  const readUrl = createUrlReader(domain)
  const present = original.images.map(({ src }) => src)
  return instrumented.images.filter(({ src }) => {
    const known = present.indexOf(src)
    if (known !== -1) present.splice(known, 1)
    return known === -1 && readUrl(src)?.kind === 'open'
  })
}

interface Documents {
  readonly after: HtmlSource
  readonly original: JudgedHtml
  readonly instrumented: JudgedHtml
  readonly pixels: readonly JudgedImage[]
  readonly report: Report
  readonly readReference: ReferenceReader
}

/** An element that was not there has no place in the original. */
const nowhere: TextRange = [0, 0]

/** Checks that each pixel is one, of this message, shown, and where it belongs; and that it moves nothing. */
export function checkPixels({ after, original, instrumented, pixels, report, readReference }: Documents): void {
  const shown = imagesInBody(instrumented)
  const kinds = new Set<string>()
  for (const { src, start, end } of pixels) {
    const range: TextRange = [start, end]
    const reference = readReference.read(src)
    if (after.units.slice(start, end) !== pixelTag(src) || reference?.kind !== 'open') {
      report.add('pixel-tag', nowhere, range, '')
      continue
    }
    if (kinds.has(reference.pixel)) report.add('pixel-count', nowhere, range, '')
    kinds.add(reference.pixel)
    if (!readReference.isSameMessage(reference)) report.add('reference', nowhere, range, '')
    const isAtHome = reference.pixel === 'start' ? isAtStart : isAtEnd
    if (!shown.has(start) || !isAtHome(original, instrumented, start, end))
      report.add('pixel-place', nowhere, range, '')
  }
  if (report.violations().length === 0) checkTree(original, instrumented, pixels, report)
}

/**
 * Where one of these stands, it may take the whole tree to know what an end tag ends. There, mailtrace may place the pixel
 * elsewhere.
 */
const treeTags = /<(?:svg|math|select|template|frameset|noscript)[\s/>]/i

/** Right behind the body's start tag. */
function isAtStart(original: JudgedHtml, { bodyStarts }: JudgedHtml, start: number): boolean {
  return treeTags.test(original.source) || bodyStarts[0]?.end === start
}

/** Right before the last `</body>`, without one the last `</html>`, without one the end of what is shown. */
function isAtEnd(original: JudgedHtml, { source, ends }: JudgedHtml, start: number, end: number): boolean {
  if (treeTags.test(original.source)) return true
  const last = ends.findLast(({ name }) => name === 'body') ?? ends.at(-1)
  if (last !== undefined) return last.start === end
  if (end === source.length) return true
  // What follows is never shown, and would swallow the pixel: an unclosed comment, style or tag.
  const appended = judgeHtml(original.source + source.slice(start, end))
  return source.startsWith('<', end) && !imagesInBody(appended).has(original.source.length)
}

/** Compares the trees that browsers make, but for the hrefs and the pixels. */
function checkTree(
  original: JudgedHtml,
  instrumented: JudgedHtml,
  pixels: readonly JudgedImage[],
  report: Report,
): void {
  const urls = new Set(pixels.map(({ src }) => src))
  // Whatever comes next after `<p><b></p>` re-opens the b. Here that is the pixel, and all that follows stands in the new b.
  const mayReopen = pixels.some(({ start }) => reopensFormatting(instrumented.source, start))
  const look = (judged: JudgedHtml): readonly string[] => {
    const tree = flattenTree(judged, urls)
    return mayReopen ? contentsOf(tree) : tree
  }
  const [was, is] = [look(original), look(instrumented)]
  const at = Array.from({ length: Math.max(was.length, is.length) }).findIndex((_, index) => was[index] !== is[index])
  if (at === -1) return
  const { start, end } = pixels[0] ?? { start: 0, end: instrumented.source.length }
  report.add('tree', nowhere, [start, end], was[at] ?? '', is[at] ?? '')
}
