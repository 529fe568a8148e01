import type { CheckedDomain } from '../config/domain-config.ts'
import { checkLinks } from './check-links.ts'
import { checkPixels, findAddedPixels } from './check-pixels.ts'
import { checkText } from './check-text.ts'
import type { HtmlSource } from './html-source.ts'
import { judgeHtml } from './judge.ts'
import { createReferenceReader, type ReferenceReader } from './read-reference.ts'
import { createReport, type Report } from './report.ts'
import type { Violation } from './violation.ts'

/** One HTML document against another. A message is held to this part by part, once its parts are found. */
export function compareHtml(
  before: HtmlSource,
  after: HtmlSource,
  domain: CheckedDomain,
  readReference: ReferenceReader = createReferenceReader(domain),
): readonly Violation[] {
  const report: Report = createReport(before, after)
  const [original, instrumented] = [judgeHtml(before.units), judgeHtml(after.units)]
  const pixels = findAddedPixels(original, instrumented, domain)
  const pairs = checkLinks({ before, after, original, instrumented, report, readReference })
  checkText(before, after, pairs, pixels, report)
  checkPixels({ after, original, instrumented, pixels, report, readReference })
  return report.violations()
}
