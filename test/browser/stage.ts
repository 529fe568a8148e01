// The small internet that a check plays on: a page that shows a mail, the tracking hosts with the receiver behind a
// real server, the destinations, and a Chromium that sees nothing else.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { BrowserContext } from 'playwright-core'
import { afterAll } from 'vitest'
import type { DomainConfig } from '../../src/index.ts'
import { createReceiver, type ReceiverFailure, type TrackingEvent } from '../../src/receiver/index.ts'
import { launchChromium } from './chromium.ts'
import { type Destinations, openDestinations } from './destinations.ts'

export interface Stage {
  readonly context: BrowserContext
  readonly destinations: Destinations
  /** Where every mail is shown, so that what is relative in it means the same for all. */
  readonly pageUrl: string
  /** A domain whose hosts are `LABEL.localhost` on this stage, all verified, oldest first; the receiver serves it now. */
  useDomain(...labels: string[]): DomainConfig
  /** The mail that is shown at {@link pageUrl} from now on; of bytes, in which charset. */
  show(html: string | Uint8Array<ArrayBuffer>, charset?: string): void
  /** What was recorded since the last call. Events are recorded before the browser is answered. */
  takeEvents(): TrackingEvent[]
  /** How often the receiver asked for the reader's address. */
  addressReads(): number
  readonly failures: readonly ReceiverFailure[]
}

/** Opens a stage that is struck after the last check of the file. */
export async function openStage(): Promise<Stage> {
  let domain: DomainConfig | null = null
  let page: string | Uint8Array<ArrayBuffer> = ''
  let pageCharset = 'utf-8'
  let events: TrackingEvent[] = []
  const failures: ReceiverFailure[] = []
  let addressReads = 0

  const receive = createReceiver({
    domains: () => domain,
    onEvent: (event) => void events.push(event),
    onError: (failure) => void failures.push(failure),
    clientAddress: (request) => {
      addressReads++
      return request.headers.get('host') === null ? null : '203.0.113.9'
    },
    awaitEvents: { timeoutMs: 5_000 },
  })
  const server = createAdaptorServer({
    fetch(request) {
      const { hostname, pathname } = new URL(request.url)
      if (hostname !== 'mail.localhost') return receive(request)
      const headers = { 'content-type': `text/html; charset=${pageCharset}`, 'cache-control': 'no-store' }
      return pathname === '/mail' ? new Response(page, { headers }) : new Response('No such page', { status: 404 })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  afterAll(() => void server.close())

  const destinations = await openDestinations()
  afterAll(() => destinations.close())
  const browser = await launchChromium(destinations.port)
  afterAll(() => browser.close())

  return {
    context: await browser.newContext({ ignoreHTTPSErrors: true }),
    destinations,
    pageUrl: `http://mail.localhost:${port}/mail`,
    useDomain(...labels) {
      domain = {
        name: 'example.com',
        openTracking: true,
        clickTracking: true,
        trackingDomains: labels.map((label) => ({
          host: `${label}.localhost:${port}`,
          scheme: 'http',
          status: 'verified',
        })),
        signingKeys: [{ id: 'browser', secret: 'a key of the tests in the browser, long enough' }],
      }
      return domain
    },
    show(html, charset = 'utf-8') {
      page = html
      pageCharset = charset
    },
    takeEvents() {
      const taken = events
      events = []
      return taken
    },
    addressReads: () => addressReads,
    failures,
  }
}
