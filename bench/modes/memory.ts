// Owns how much memory a large mail takes at the peak, beside what its result takes.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchArguments } from '../arguments.ts'
import { median } from '../clock.ts'
import type { Measurement } from '../goals.ts'
import { chooseNames } from '../jobs.ts'
import { buildMail, textWidths } from '../mails.ts'
import { type Report, significant } from '../report.ts'
import type { MemoryAnswer, MemoryRequest } from './memory-child.ts'

const contenders = [
  'floor: copy the text',
  'ours, stored',
  'ours, signed',
  'regex, careful',
  'htmlparser2 Tokenizer',
  'lol-html, WebAssembly',
  'parse5 rewriting stream',
  'cheerio',
]
const megabytes = (bytes: number): string => `${significant(bytes / 1e6)} MB`

export async function run(args: BenchArguments): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-memory-'))
  const rows: string[][] = []
  const measurements: Measurement[] = []
  const data: unknown[] = []
  try {
    for (const width of textWidths) {
      const file = join(folder, width)
      writeFileSync(file, buildMail({ length: 10_000_000, width }))
      writeFileSync(`${file}.small`, buildMail({ length: 140_000, width }))
      for (const contender of chooseNames(contenders, args)) {
        const answers = Array.from({ length: args.rounds ?? 5 }, () => measureInChild({ contender, file, width }))
        const { input, output } = answers[0]!
        const peakExtra = median(answers.map((answer) => answer.peakExtra))
        rows.push([
          `${contender}, ${width}`,
          megabytes(input),
          megabytes(output),
          megabytes(peakExtra),
          `${significant(peakExtra / output)} x`,
        ])
        if (contender.startsWith('ours')) {
          measurements.push({ goal: 'peak-memory', at: `${contender}, ${width}`, value: peakExtra / output })
        }
        data.push({ contender, width, input, output, peakExtra })
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    tables: [
      {
        title: 'Peak memory for a mail of 10 million code units (medians of processes)',
        columns: ['', 'input', 'output', 'peak extra', 'over the output'],
        rows,
      },
    ],
    measurements,
    notes: ['input and output as the engine holds them: one or two bytes a code unit'],
    data,
  }
}

function measureInChild(request: MemoryRequest): MemoryAnswer {
  const script = [process.argv[1]!, 'memory-child', JSON.stringify(request)]
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', ...script], { encoding: 'utf8' })) as MemoryAnswer
}
