// What is measured: real mails as one set, and made-up ones of a size.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildMail } from './mails.ts'

/** Made-up sizes, in bytes. */
const sizes = { '7K': 7_000, '46K': 46_000, '140K': 140_000, '1M': 1_000_000, '10M': 10_000_000 } as const

export type MailSet = 'real' | keyof typeof sizes
export const mailSets: readonly MailSet[] = ['real', ...(Object.keys(sizes) as (keyof typeof sizes)[])]

/** In bytes: shorter ones are no mails, and a longer one would be most of the sweep. */
const [minLength, maxLength] = [800, 400_000]

/** The corpus, if it is there; else the few that the repository has. */
const corpus = process.env.MAILTRACE_CORPUS ?? join('..', 'shared', 'corpus')
const folder = existsSync(join(corpus, 'emails')) ? join(corpus, 'emails') : join('bench', 'mails')

export function readMails(set: MailSet): readonly string[] {
  if (set === 'real') {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html'))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .filter((html) => Buffer.byteLength(html) >= minLength && Buffer.byteLength(html) <= maxLength)
  }
  const length = sizes[set]
  // Several mails of a size take turns, together 150 KB or more: the branch predictor would learn a single mail by heart. Two
  // in five hold what V8 stores in two bytes a unit, as real mails do.
  const count = length > 1_000_000 ? 1 : Math.max(5, Math.ceil(150_000 / length))
  return Array.from({ length: count }, (_, index) =>
    buildMail({ length, width: index % 5 < 2 ? 'two-byte' : 'one-byte', seed: index + 1 }),
  )
}

/** Bytes of UTF-8: what a mail's size means to everyone, and the same for all engines. */
export const byteLength = (mails: readonly string[]): number =>
  mails.reduce((sum, mail) => sum + Buffer.byteLength(mail), 0)
