// Owns one mail to 100,000 recipients, each with references of their own: messages a second, and memory that stays.

import { prepareEmail } from '../../src/index.ts'
import type { BenchArguments } from '../arguments.ts'
import { signedDomain, storedDomain } from '../contenders/ours.ts'
import { buildMail, mailSizes, type TextWidth } from '../mails.ts'
import { read } from '../read.ts'
import { duration, type Report, significant } from '../report.ts'

const recipients = 100_000
/** Where memory is looked at, as parts of the campaign. */
const checkpoints = [0.01, 0.5, 1]

export async function run(args: BenchArguments): Promise<Report> {
  const rows: string[][] = []
  const data: unknown[] = []
  for (const size of args.sizes ?? (['7K', '46K'] as const)) {
    for (const width of ['one-byte', 'two-byte'] as const satisfies readonly TextWidth[]) {
      const html = buildMail({ length: mailSizes[size], width })
      for (const [kind, domain] of Object.entries({ stored: storedDomain, signed: signedDomain })) {
        const prepared = prepareEmail(html, domain)
        const links = prepared.instrument().links.length
        const heapMB: number[] = []
        let ms = 0
        let sent = 0
        for (const checkpoint of checkpoints) {
          const start = performance.now()
          for (; sent < recipients * checkpoint; sent++) {
            const messageRef = `campaign-2026-${`${sent}`.padStart(8, '0')}`
            read(prepared.instrument({ messageRef }).html)
          }
          ms += performance.now() - start
          globalThis.gc?.()
          heapMB.push(process.memoryUsage().heapUsed / 1e6)
        }
        const perSecond = (recipients / ms) * 1000
        rows.push([
          `${size} ${width}, ${kind}, ${links} links`,
          Math.round(perSecond).toLocaleString('en'),
          duration(ms / recipients),
          `${significant((perSecond * html.length) / 1e6)} M`,
          heapMB.map((heap) => significant(heap)).join(', '),
        ])
        data.push({ size, width, kind, links, recipients, ms, perSecond, heapMB })
      }
    }
  }
  return {
    tables: [
      {
        title: `A campaign to ${recipients.toLocaleString('en')} recipients, on one core`,
        columns: ['', 'messages/s', 'a message', 'code units/s', 'heap in MB after 1, 50, 100 %'],
        rows,
      },
    ],
    measurements: [],
    notes: ['heap after a full collection, of the whole process with its mails'],
    data,
  }
}
