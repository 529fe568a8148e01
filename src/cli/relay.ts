import { hostname } from 'node:os'
import type { DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { printable } from '../printable.ts'
import { type Command, defineCommand, type Values } from './command.ts'
import { openDurableEventLog } from './event-log.ts'
import { failure, usageFailure } from './failure.ts'
import { readDomain, readText } from './input.ts'
import { toldToStop } from './local-server.ts'
import { openStore } from './open-store.ts'
import { createAdmission, readUsers } from './relay/admission.ts'
import { listenText, readListen } from './relay/listen.ts'
import type { Copy } from './relay/make-copy.ts'
import { type Reply, textOf } from './relay/reply.ts'
import { saveMinted } from './relay/save-minted.ts'
import { startRelay } from './relay/start-relay.ts'
import { defaultTimeouts } from './relay/timeouts.ts'
import { readUpstream, upstreamText, upstreamTlsModes } from './relay/upstream.ts'
import { note, offer, paint, settleOutput } from './terminal.ts'

/** In ms: how long the end waits for a reader of the output that has stalled. */
const outputTimeoutMs = 1_000

/** What the relay holds in memory for a client is a few times its message. */
const largestSize = 1_000_000_000

const options = {
  domain: {
    type: 'string',
    value: 'FILE',
    required: true,
    multiple: true,
    text: "a sending domain's configuration, as JSON; give it once for each domain",
  },
  upstream: {
    type: 'string',
    value: 'URL',
    text: 'where mail goes: smtp://USER:PASSWORD@HOST:PORT, or smtps:// (default: MAILTRACE_UPSTREAM of the environment)',
  },
  'upstream-tls': {
    type: 'string',
    choices: upstreamTlsModes,
    text: 'TLS with a certificate that is verified, TLS with any, or none (default: verify, on loopback off)',
  },
  listen: {
    type: 'string',
    value: 'ADDRESS',
    text: 'HOST:PORT, or smtps:// or lmtp:// before it; port 0 takes a free one (default: 127.0.0.1:2525)',
  },
  allow: {
    type: 'string',
    value: 'NETWORK',
    multiple: true,
    text: 'clients of this network need not sign in, as 192.0.2.0/24; may be given several times',
  },
  auth: { type: 'string', value: 'FILE', text: 'who may sign in: user:password, one on each line' },
  'tls-key': { type: 'string', value: 'FILE', text: 'the private key for STARTTLS or smtps://, PEM' },
  'tls-cert': { type: 'string', value: 'FILE', text: 'its certificate, with those that lead to its authority, PEM' },
  events: {
    type: 'string',
    value: 'FILE',
    text: 'where the references of each message are appended, before it is sent',
  },
  database: {
    type: 'string',
    value: 'URL',
    text: 'a PostgreSQL in which they are kept too, as the store of mailtrace/store: postgres://…',
  },
  'per-recipient': { type: 'boolean', text: 'each recipient gets a copy, with a reference and modes of its own' },
  text: { type: 'boolean', text: 'links in the plain text are tracked too' },
  'dkim-signed': {
    type: 'boolean',
    text: 'mail that is signed already is tracked too, as the upstream signs it again',
  },
  'max-size': { type: 'string', value: 'BYTES', text: 'the longest message (default: 41943040)' },
  'max-recipients': { type: 'string', value: 'N', text: 'the most recipients of a message (default: 100)' },
  'max-clients': { type: 'string', value: 'N', text: 'the most clients at once (default: 100)' },
  name: { type: 'string', value: 'HOST', text: "how it calls itself (default: the machine's name)" },
} as const

export const relay: Command = defineCommand({
  name: 'relay',
  summary:
    'Takes mail by SMTP, tracks it and passes it on at once, until SIGINT or SIGTERM. It keeps no queue: what the upstream answers is what the client hears. Needs the package smtp-server.',
  options,
  run: async (values) => {
    const listen = readListen(values.listen ?? '127.0.0.1:2525')
    const url = values.upstream ?? process.env.MAILTRACE_UPSTREAM
    if (!url) throw usageFailure('--upstream URL is missing', 'relay')
    const upstream = readUpstream(url, values['upstream-tls'])
    const domains = await readDomains(values.domain, values.events !== undefined || values.database !== undefined)
    const tls = await readTls(values)
    if (listen.scheme === 'smtps' && tls === null) throw failure('smtps:// needs --tls-key FILE and --tls-cert FILE', 2)
    const users = values.auth === undefined ? null : readUsers(await readText(values.auth), values.auth)
    const admission = createAdmission({ host: listen.host, hasTls: tls !== null, users, networks: values.allow })
    const log = values.events === undefined ? null : openDurableEventLog(values.events)
    const database = values.database === undefined ? null : await openStore({ database: values.database })

    const { port, drain } = await startRelay({
      listen,
      tls,
      admission,
      upstream,
      domains,
      withText: values.text,
      dkimSigned: values['dkim-signed'] ? 'instrument' : 'leave',
      isPerRecipient: values['per-recipient'],
      maxSize: readCount(values, 'max-size', 41_943_040, largestSize),
      maxRecipients: readCount(values, 'max-recipients', 100, 100_000),
      maxClients: readCount(values, 'max-clients', 100, 100_000),
      name: readName(values.name),
      timeouts: defaultTimeouts,
      now: Date.now,
      record: async (minted) => {
        if (database) await saveMinted(database.store, minted)
        await log?.(minted)
      },
      onCopy: createTeller(),
      onProblem: note,
    })
    // Before anybody can know that it runs: a signal would end it at once.
    const told = toldToStop()
    note(`listening on ${listenText(listen, port)}, for mail of ${[...domains.keys()].join(', ')}`)
    note(`passing on to ${upstreamText(upstream)}`)

    await told
    await drain()
    await database?.close()
    await settleOutput(outputTimeoutMs)
    process.exit()
  },
})

async function readDomains(files: readonly string[], hasEvents: boolean): Promise<ReadonlyMap<string, DomainConfig>> {
  const domains = new Map<string, DomainConfig>()
  for (const file of files) {
    const domain = await readDomain(file)
    const name = hostText(domain.name)!
    if (domains.has(name)) throw failure(`${file} is for ${name}, which another --domain has`)
    // The application looks stored references up, and nothing else would know them.
    if (!domain.signingKeys?.length && !hasEvents) {
      throw failure(
        `${file} has no signingKeys: its references stand nowhere else, add --events FILE or --database URL`,
      )
    }
    domains.set(name, domain)
  }
  return domains
}

async function readTls(
  values: Values<typeof options>,
): Promise<{ readonly key: string; readonly cert: string } | null> {
  const { 'tls-key': key, 'tls-cert': cert } = values
  if ((key === undefined) !== (cert === undefined)) throw usageFailure('--tls-key and --tls-cert go together', 'relay')
  return key === undefined ? null : { key: await readText(key), cert: await readText(cert!) }
}

function readCount(
  values: Values<typeof options>,
  name: 'max-size' | 'max-recipients' | 'max-clients',
  otherwise: number,
  most: number,
): number {
  const text = values[name]
  if (text === undefined) return otherwise
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(count >= 1 && count <= most)) {
    throw failure(`--${name} is ${JSON.stringify(text)}: use a number from 1 to ${most}`, 2)
  }
  return count
}

/** What EHLO and Received carry; a machine's own name may be none that they can. */
function readName(given: string | undefined): string {
  if (given === undefined) return hostText(hostname()) ?? 'localhost'
  const name = hostText(given)
  if (name === null) throw failure(`--name is ${JSON.stringify(given)}: use a host name`, 2)
  return name
}

/** Prints a line for each copy, without recipients. */
function createTeller(): (copy: Copy, reply: Reply) => void {
  let unprinted = 0
  return ({ minted, text, isFlawed }, reply) => {
    const time = paint('dim', new Date().toISOString().slice(11, 19))
    const what = paint(isFlawed ? 'red' : minted ? 'green' : 'yellow', printable(text))
    const whose = minted?.messageRef ? ` (${minted.messageRef})` : ''
    const missed = unprinted > 0 ? `${unprinted} more that nobody was there to read\n` : ''
    const answer = printable(`${whose} -> ${reply.code} ${textOf(reply)}`)
    unprinted = offer(process.stdout, `${missed}${time} ${what}${answer}\n`) ? 0 : unprinted + 1
  }
}
