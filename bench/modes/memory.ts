// How much memory a large mail takes at the peak, beside its result; and how much memory a caller holds by keeping the
// outcomes.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchArguments } from '../arguments.ts'
import { median } from '../clock.ts'
import { readMails } from '../mail-sets.ts'
import { type Report, significant } from '../report.ts'
import type { MemoryAnswer } from './memory-child.ts'

const contenders = [
  'ours, bytes, stored',
  'ours, string, stored',
  'regex, careful',
  'parse5 rewriting stream',
  'cheerio',
]

export async function run(args: BenchArguments): Promise<Report> {
  const rounds = args.rounds ?? 5
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-memory-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'mail.html')
  writeFileSync(file, readMails('10M')[0]!)
  const peaks = contenders.map((contender) => {
    const answers = Array.from({ length: rounds }, () => measureInChild(contender, file))
    return { contender, output: answers[0]!.base, peak: median(answers.map(({ bytes }) => bytes)) }
  })
  const kept = ['string', 'bytes'].map((form) => ({ form, ...measureInChild(`kept: ${form}`) }))
  const megabytes = (bytes: number): string => `${significant(bytes / 1e6)} MB`
  const title = 'Memory at the peak for a mail of 10 MB (medians of processes), and kept by the links of 200 of 1 MB'
  return {
    tables: [
      {
        title,
        columns: ['', 'output, JSON', 'memory', 'memory over output, JSON'],
        rows: [
          ...peaks.map(({ contender, output, peak }) => [
            contender,
            megabytes(output),
            megabytes(peak),
            `${significant(peak / output)} x`,
          ]),
          ...kept.map(({ form, base, bytes }) => [
            `links of ${form}`,
            megabytes(base),
            megabytes(bytes),
            `${significant(bytes / base)} x`,
          ]),
        ],
      },
    ],
    measurements: [
      ...peaks
        .filter(({ contender }) => contender.startsWith('ours'))
        .map(({ contender, output, peak }) => ({ goal: 'peak-memory' as const, at: contender, value: peak / output })),
      ...kept.map(({ form, base, bytes }) => ({ goal: 'kept-memory' as const, at: form, value: bytes / base })),
    ],
    notes: [],
    data: { peaks, kept },
  }
}

/**
 * glibc keeps large pieces that were freed, and gives them out again: what reading the mail left behind hid a whole copy of it. With
 * these, it gives all of them back.
 */
const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

function measureInChild(what: string, file = ''): MemoryAnswer {
  const script = ['--expose-gc', process.argv[1]!, 'memory-child', what, file]
  return JSON.parse(execFileSync(process.execPath, script, { encoding: 'utf8', env })) as MemoryAnswer
}
