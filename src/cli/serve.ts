import { createServer } from 'node:http'
import type { DomainConfig } from '../config/domain-config.ts'
import { trackingRecords } from '../domains/index.ts'
import { printable } from '../printable.ts'
import {
  createNodeListener,
  createReceiver,
  type Receiver,
  type ReceiverFailure,
  type TrackingEvent,
} from '../receiver/index.ts'
import { parseUrl } from '../url.ts'
import { type Command, defineCommand } from './command.ts'
import { openEventLog } from './event-log.ts'
import { failure, reasonOf } from './failure.ts'
import { formatJson } from './format-json.ts'
import { readDomain, readHtml } from './input.ts'
import { answerLocally, type LocalPages } from './local-pages.ts'
import { listenLocally, toldToStop } from './local-server.ts'
import { note, offer, paint, settleOutput } from './terminal.ts'

/** In ms: how long the end waits for a reader of the output that has stalled. */
const outputTimeoutMs = 1_000

/** At most as many foreign hosts are told of. Whoever can reach the server can make up any number of them. */
const longestHostList = 20

export const serve: Command = defineCommand({
  name: 'serve',
  summary:
    'Answers clicks and opens on this machine and prints them as they come, until SIGINT or SIGTERM. Each is in the events file, one line of JSON, before it is answered.',
  options: {
    domain: { type: 'string', value: 'FILE', required: true, text: "the sending domain's configuration, as JSON" },
    port: { type: 'string', value: 'N', text: 'where to listen on 127.0.0.1; 0 takes a free one (default: 8080)' },
    events: { type: 'string', value: 'FILE', text: 'where the events are appended' },
    page: { type: 'string', value: 'FILE', text: 'an email to show, instrumented, at http://localhost:PORT/' },
  },
  run: async (values) => {
    const askedPort = parsePort(values.port ?? '8080')
    const domain = await readDomain(values.domain)
    if (!domain.signingKeys?.length) {
      throw failure(`${values.domain} has no signingKeys: stored references can only be served by the application`)
    }
    if (domain.trackingDomains.length === 0) {
      throw failure(`${values.domain} has no tracking domain: no link leads here`)
    }
    if (values.page !== undefined) await readHtml(values.page)
    const records = trackingRecords(domain)
    const pages: LocalPages = { domain, hosts: records.map(({ name }) => name), page: values.page }

    const receiver = createLocalReceiver(domain, values.events)
    const tellOfHost = createHostTeller(pages.hosts)
    const listener = createNodeListener({
      answer: async (request, ...contexts) => {
        const local = await answerLocally(request.url, pages)
        if (local) return local
        tellOfHost(request.url)
        return receiver.answer(request, ...contexts)
      },
    })
    const server = createServer(listener)
    const { port, drain } = await listenLocally(server, askedPort)
    // Before anybody can know that it runs: a signal would end it at once.
    const told = toldToStop()
    for (const line of describeUrls(pages, port)) note(line)

    await told
    await drain()
    // A reader that has stalled must not keep the program from ending.
    await settleOutput(outputTimeoutMs)
    process.exit()
  },
})

/** Which URL is for what. */
function describeUrls({ hosts, page }: LocalPages, port: number): string[] {
  const own = `http://localhost:${port}`
  const links = hosts.map((host) => {
    if (host.endsWith(`:${port}`)) return `links lead to http://${host}/c/ and /o/, which are answered here`
    if (host.includes(':')) return `links that lead to ${host} do not come here: this is port ${port}`
    return `links lead to https://${host}/c/ and /o/: have a proxy with TLS pass them on here, with their Host`
  })
  return [
    `listening on ${own}`,
    ...links,
    ...(page === undefined ? [] : [`${page} is shown at ${own}/`]),
    `${own}/healthz says ok while the server lives`,
  ]
}

function createLocalReceiver(domain: DomainConfig, eventsFile: string | undefined): Receiver {
  const append = eventsFile === undefined ? undefined : openEventLog(eventsFile)
  let unprinted = 0
  return createReceiver({
    domains: domain,
    awaitEvents: { timeoutMs: 10_000 },
    onEvent: (event: TrackingEvent) => {
      append?.(event)
      const missed = unprinted > 0 ? `${unprinted} more that nobody was there to read\n` : ''
      unprinted = offer(process.stdout, missed + formatEvent(event)) ? 0 : unprinted + 1
    },
    // The events are printed too: where the file failed, this is the last place for them.
    onError: ({ source, cause, events }: ReceiverFailure) =>
      note([`${source} failed: ${reasonOf(cause)}`, ...events.map((event) => formatJson(event))].join('\n')),
  })
}

/** Tells, once for each, of hosts that no link has: a proxy that does not pass Host on makes every link a 404. */
function createHostTeller(hosts: readonly string[]): (url: string) => void {
  const told = new Set<string>()
  return (url) => {
    // As in the receiver: behind a proxy that ends TLS, the reader's own port comes in over http.
    const host = parseUrl(url)?.host.replace(/:443$/, '')
    if (host === undefined || hosts.includes(host) || told.has(host) || told.size >= longestHostList) return
    told.add(host)
    note(`a request came for ${host}, which is no tracking host: does the proxy pass Host on?`)
  }
}

/** One line of a terminal. */
function formatEvent(event: TrackingEvent): string {
  const time = paint('dim', new Date(event.time).toISOString().slice(11, 19))
  const what =
    event.type === 'click'
      ? `${paint('green', 'click')} link ${event.index} -> ${printable(event.destination)}`
      : paint('cyan', 'open')
  const signals = event.signals.length > 0 ? ` ${paint('yellow', event.signals.join(' '))}` : ''
  const whose = event.messageRef ?? `campaign ${event.campaignRef}`
  return `${time} ${what} (${printable(whose)})${signals}\n`
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw failure(`--port is ${JSON.stringify(text)}: use a number from 0 to 65535`, 2)
  return port
}
