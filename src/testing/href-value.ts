import type { HtmlSource } from './html-source.ts'
import { type JudgedSite, judgeHtml } from './judge.ts'
import type { TextRange } from './violation.ts'

/** The text of an href in the source, without its quotes. */
export interface HrefValue {
  readonly range: TextRange
  readonly isQuoted: boolean
}

const valueStart = /^href[\t\n\f\r ]*(?:=[\t\n\f\r ]*)?/i

export function hrefValue({ units }: HtmlSource, { attribute: [start, end] }: JudgedSite): HrefValue {
  const text = units.slice(start, end)
  const from = start + valueStart.exec(text)![0].length
  const isQuoted = /["']/.test(units.charAt(from)) && from < end
  return { range: isQuoted ? [from + 1, end - 1] : [from, end], isQuoted }
}

/**
 * Where an href leads, as the URL standard's parser takes it up: edges trimmed, tabs and line breaks removed. Written anew,
 * in another way than in the library: a judge that shared its code would share its mistakes.
 */
export function destinationOf(source: HtmlSource, { attribute }: JudgedSite): string {
  const [site] = judgeHtml(`<a ${source.read(attribute)}>`).sites
  return (/[^\0-\x20](?:.*[^\0-\x20])?/s.exec(site!.href)?.[0] ?? '').replace(/[\t\n\r]/g, '').toWellFormed()
}
