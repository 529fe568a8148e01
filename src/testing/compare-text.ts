import { activeHost } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { parseUrl } from '../url.ts'
import type { HtmlSource } from './html-source.ts'
import type { ReferenceReader } from './read-reference.ts'
import { createReport } from './report.ts'
import type { Violation } from './violation.ts'

/** What a tracking URL can go on with. */
const pathPattern = /[\w/-]*/y

/** A plain text against its original: where a tracking URL stands now, one stood that leads to the same place. */
export function compareText(
  before: HtmlSource,
  after: HtmlSource,
  domain: CheckedDomain,
  readReference: ReferenceReader,
): readonly Violation[] {
  const report = createReport(before, after)
  const origin = `${activeHost(domain)?.origin}/`
  let lastIndex = -1
  /** Where the comparison is, in the original and in the instrumented text. */
  let at = 0
  let now = 0
  for (let start = after.units.indexOf(origin); start !== -1; start = after.units.indexOf(origin, now)) {
    pathPattern.lastIndex = start + origin.length
    pathPattern.test(after.units)
    const end = pathPattern.lastIndex
    const url = after.units.slice(start, end)
    const old = at + start - now
    if (before.units.slice(at, old) !== after.units.slice(now, start)) break
    if (before.units.startsWith(url, old)) {
      at = old + url.length
      now = end
      continue
    }
    const reference = readReference.read(url)
    const next = after.units.indexOf(origin, end)
    const oldEnd = endOfUrl(before, old, after.units.slice(end, next === -1 ? undefined : next), next === -1)
    const destination = parseUrl(before.read([old, oldEnd]))?.href
    if (reference?.kind !== 'click' || reference.part !== 'text' || destination === undefined) break
    if (reference.destination !== null && reference.destination !== destination) {
      report.add('destination', [old, oldEnd], [start, end], destination, reference.destination)
    } else if (reference.index <= lastIndex || !readReference.isSameMessage(reference)) {
      report.add('reference', [old, oldEnd], [start, end])
    }
    lastIndex = reference.index
    at = oldEnd
    now = end
  }
  if (before.units.slice(at) !== after.units.slice(now)) {
    report.add('changed', [at, before.units.length], [now, after.units.length])
  }
  return report.violations()
}

/** The longest URL at a place behind which the text goes on like this. */
function endOfUrl({ units }: HtmlSource, start: number, goesOn: string, isLast: boolean): number {
  if (isLast) return Math.max(start, units.length - goesOn.length)
  let end = start
  while (end < units.length && !/[\s<>]/.test(units[end]!)) end++
  while (end > start && !units.startsWith(goesOn, end)) end--
  return end
}
