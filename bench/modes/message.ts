// What a whole message costs beside its HTML alone, and beside a pipeline of mailsplit that does the same.

import { finished } from 'node:stream'
import { Joiner, Rewriter, Splitter } from '@zone-eu/mailsplit'
import { instrumentEmail } from '../../src/index.ts'
import { instrumentMessage } from '../../src/message/index.ts'
import type { BenchArguments } from '../arguments.ts'
import { type Job, timeInterleaved } from '../clock.ts'
import { messageRef } from '../contenders/contender.ts'
import { stored } from '../contenders/ours.ts'
import { readMails } from '../mail-sets.ts'
import { toMessage } from '../messages.ts'
import { duration, type Report } from '../report.ts'

const alone = 'the HTML alone'
const ours = (encoding: string): string => `instrumentMessage, ${encoding}`
const mailsplit = 'mailsplit, quoted-printable'

export async function run({ rounds, sets, statistic }: BenchArguments): Promise<Report> {
  const mails = (sets ?? ['real']).flatMap(readMails)
  const pages = mails.map((html) => Buffer.from(html))
  const encoded = (encoding: 'quoted-printable' | 'base64' | '8bit'): Buffer[] =>
    mails.map((html) => toMessage(html, encoding))
  const [quoted, base64, plain] = [encoded('quoted-printable'), encoded('base64'), encoded('8bit')]
  const each = (name: string, messages: readonly Buffer[]): Job => ({
    name: ours(name),
    run: () => {
      for (const message of messages) instrumentMessage(message, stored, { messageRef })
    },
  })
  const jobs: Job[] = [
    { name: alone, run: () => pages.forEach((page) => void instrumentEmail(page, stored, { messageRef })) },
    each('quoted-printable', quoted),
    each('base64', base64),
    each('8bit', plain),
    {
      name: mailsplit,
      run: async () => {
        for (const message of quoted) await throughMailsplit(message)
      },
    },
  ]
  await checkPipelines(quoted[0]!)
  const timings = await timeInterleaved(jobs, { rounds: rounds ?? 9 })
  const ms = (name: string): number => timings.get(name)![statistic]
  const whole = ms(ours('quoted-printable'))
  return {
    tables: [
      {
        title: `${mails.length} mails, a sweep`,
        columns: ['', 'time', 'of the HTML alone'],
        rows: jobs.map(({ name }) => [name, duration(ms(name)), `${(ms(name) / ms(alone)).toFixed(2)}x`]),
      },
    ],
    measurements: [
      { goal: 'message', at: 'quoted-printable', value: whole / ms(alone) },
      { goal: 'message-vs-mailsplit', at: 'quoted-printable', value: ms(mailsplit) / whole },
    ],
    notes: ['mailsplit splits, decodes, encodes and joins; between, it calls the same instrumentEmail'],
    data: Object.fromEntries(timings),
  }
}

function throughMailsplit(message: Buffer): Promise<Buffer> {
  const splitter = new Splitter()
  const rewriter = new Rewriter((node: { contentType?: string | false }) => node.contentType === 'text/html')
  const joiner = new Joiner()
  rewriter.on('node', ({ decoder, encoder }) => {
    const chunks: Buffer[] = []
    decoder.on('data', (chunk: Buffer) => chunks.push(chunk))
    decoder.on('end', () =>
      encoder.end(Buffer.from(instrumentEmail(Buffer.concat(chunks), stored, { messageRef }).html)),
    )
  })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    joiner.on('data', (chunk: Buffer) => chunks.push(chunk))
    finished(joiner, (error) => (error ? reject(error) : resolve(Buffer.concat(chunks))))
    splitter.pipe(rewriter).pipe(joiner)
    splitter.end(message)
  })
}

/** Whoever does not do the job is no contender. */
async function checkPipelines(message: Buffer): Promise<void> {
  const tracked = (result: Uint8Array): number =>
    Buffer.from(result).toString('latin1').replaceAll('=\r\n', '').split(messageRef).length
  const [one, other] = [instrumentMessage(message, stored, { messageRef }).message, await throughMailsplit(message)]
  if (tracked(one) < 2 || tracked(one) !== tracked(other)) throw new Error('the pipelines do not do the same')
}
