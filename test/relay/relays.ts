// The relay as the command starts it, with short time-outs.

import { onTestFinished } from 'vitest'
import { createAdmission } from '../../src/cli/relay/admission.ts'
import type { MintedMessage } from '../../src/cli/relay/make-copy.ts'
import { type Relay, type RelayOptions, startRelay } from '../../src/cli/relay/start-relay.ts'
import type { Timeouts } from '../../src/cli/relay/timeouts.ts'
import { readUpstream } from '../../src/cli/relay/upstream.ts'
import { type DomainConfig, defineDomain } from '../../src/index.ts'
import { signedDomain } from '../kit/domains.ts'
import { type Dialog, openDialog } from './dialog.ts'

export const domain: DomainConfig = defineDomain(signedDomain)

/** For an upstream that hangs: on a busy machine others may take as long. */
export const shortTimeouts: Timeouts = {
  openMs: 500,
  commandMs: 500,
  blockMs: 500,
  messageMs: 500,
  clientMs: 2_000,
  drainMs: 300,
}

export interface TestRelay extends Relay {
  readonly minted: MintedMessage[]
  /** What became of each copy, and its answer. */
  readonly copies: string[]
  readonly problems: string[]
}

/** A moment of 2026, in ms since the epoch. */
export const now = 1_795_564_800_000

export async function startTestRelay(
  upstreamPort: number | string,
  options: Partial<RelayOptions> = {},
): Promise<TestRelay> {
  const minted: MintedMessage[] = []
  const copies: string[] = []
  const problems: string[] = []
  const url = typeof upstreamPort === 'string' ? upstreamPort : `smtp://127.0.0.1:${upstreamPort}`
  const relay = await startRelay({
    listen: { scheme: 'smtp', host: '127.0.0.1', port: 0 },
    tls: null,
    admission: createAdmission({ host: '127.0.0.1', hasTls: false, users: null, networks: [] }),
    upstream: readUpstream(url, undefined),
    domains: new Map([['example.com', domain]]),
    withText: false,
    dkimSigned: 'leave',
    isPerRecipient: false,
    maxSize: 1_000_000,
    maxRecipients: 10,
    maxClients: 60,
    name: 'relay.test',
    timeouts: { openMs: 20_000, commandMs: 20_000, blockMs: 20_000, messageMs: 20_000, clientMs: 20_000, drainMs: 300 },
    now: () => now,
    record: (each) => void minted.push(each),
    onCopy: ({ text }, { code }) => copies.push(`${text} -> ${code}`),
    onProblem: (text) => problems.push(text),
    ...options,
  })
  onTestFinished(() => relay.drain())
  return { ...relay, minted, copies, problems }
}

/** A client that has said hello. */
export async function openClient({ port }: Relay, { tls = false, hello = 'EHLO client.test' } = {}): Promise<Dialog> {
  const client = await openDialog(port, { tls })
  await client.hear()
  await client.say(hello)
  return client
}

export const html = '<p><a href="https://shop.example/sale?a=1&amp;b=2">Sale</a></p>'

/** A message with lines ended by CRLF. */
export const messageOf = (headers: readonly string[] = [], body: string = html): string =>
  [
    'From: Ada <ada@example.com>',
    'To: bob@example.net',
    'Subject: News',
    'Message-ID: <1@example.com>',
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    body,
    '',
  ].join('\r\n')

/** Every answer, from MAIL to the one after the dot. */
export async function sendMail(
  client: Dialog,
  {
    from = 'ada@example.com',
    to = ['bob@example.net'],
    message = messageOf(),
  }: { from?: string; to?: readonly string[]; message?: string } = {},
): Promise<string[]> {
  const heard = [await client.say(`MAIL FROM:<${from}>`)]
  for (const recipient of to) heard.push(await client.say(`RCPT TO:<${recipient}>`))
  heard.push(await client.say('DATA'))
  if (!heard.at(-1)!.startsWith('354')) return heard
  client.send(Buffer.from(`${message.replace(/^\./gm, '..')}.\r\n`, 'latin1'))
  heard.push(await client.hear())
  return heard
}

/** The answer that counts. */
export const lastAnswer = async (...args: Parameters<typeof sendMail>): Promise<string> =>
  (await sendMail(...args)).at(-1)!
