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
import { openEventLog } from './event-log.ts'
import { failure, reasonOf } from './failure.ts'
import { formatJson } from './format-json.ts'
import { createHostTeller } from './host-teller.ts'
import { readDomain, readHtml } from './input.ts'
import { answerLocally, type LocalPages } from './local-pages.ts'
import { endProgram, listenLocally, toldToStop } from './local-server.ts'
import { note, offer, paint } from './terminal.ts'

export interface ServeDomainOptions {
  /** Each is a file. */
  readonly domain: string
  readonly events: string | undefined
  readonly page: string | undefined
}

/** Answers the links of one sending domain, and prints what comes. */
export async function serveDomain(values: ServeDomainOptions, askedPort: number): Promise<never> {
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
  const tellOfHost = createHostTeller()
  const listener = createNodeListener({
    answer: async (request, ...contexts) => {
      const local = await answerLocally(request.url, pages)
      if (local) return local
      // As in the receiver: behind a proxy that ends TLS, the reader's own port comes in over http.
      const host = parseUrl(request.url)?.host.replace(/:443$/, '')
      if (host !== undefined && !pages.hosts.includes(host)) tellOfHost(host)
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
  return await endProgram()
}

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
