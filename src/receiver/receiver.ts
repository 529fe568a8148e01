// Owns the handler: a request in, an answer out. It must never reject, never follow what mailtrace did not mint and never
// show what went wrong inside.

import { maxTrackingUrlLength, trackingKind } from '../tracking-url/tracking-url.ts'
import { parseUrl } from '../url.ts'
import {
  answerGone,
  answerNotFound,
  answerPixel,
  answerReady,
  answerUnavailable,
  type ReceiverAnswer,
  redirectTo,
  refuseMethod,
  refuseRequest,
} from './answers.ts'
import { describeEvent } from './describe-event.ts'
import type { ReceiverFailure } from './events.ts'
import { checkReceiverOptions, type ReceiverOptions } from './receiver-options.ts'
import { createRecorder } from './record-event.ts'
import type { RequestHead } from './request-head.ts'
import { createResolver } from './resolve-reference.ts'
import { withTimeout } from './timers.ts'
import { createHostFinder } from './tracking-hosts.ts'

/**
 * A fetch handler that never rejects. `contexts` are what the server passes beside the request, whatever that is: Cloudflare
 * Workers pass `env` and `ctx`, others one object or none. Events are recorded under the `waitUntil` of the first that has
 * one (see `ReceiverContext`).
 */
export interface Receiver {
  (request: Request, ...contexts: readonly unknown[]): Promise<Response>
  /** The same for a server that has no `Request` and `Response`, and without their cost: see `createNodeListener`. */
  answer(request: RequestHead, ...contexts: readonly unknown[]): Promise<ReceiverAnswer>
  /**
   * Settles when every event of the requests answered so far has gone through `recordEvent` and `onEvent`, or has been given
   * to `onError`; never rejects. A hook that hangs is waited for until its time-out. Await it before the process ends:
   * after the server has answered its last request, before the sink closes.
   */
  drain(): Promise<void>
}

/** Asked for by those who want to know whether the host's TLS certificate works. */
const readyPath = '/.well-known/mailtrace'

/** In characters, with all that gateways appended: four times the 16 KiB that Node's server takes for a whole head. */
const maxRequestUrlLength = 65_536

/**
 * Makes the handler that serves the clicks and opens of tracking hosts. A click is sent on to where the link led when the
 * mail was sent, an open gets a 1x1 GIF. What this domain's keys did not sign and `findReference` does not know is never
 * followed. All hosts that a domain lists are served, whatever its status and switches say now.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option or a host that is listed twice,
 *   `invalid-config` if a domain is wrong. The handler itself answers whatever comes.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const checked = checkReceiverOptions(options)
  const { mayRedirect, clientAddress, lookupTimeoutMs, tooFastSeconds, now } = checked
  const findHost = createHostFinder(checked.domains)
  const resolve = createResolver(checked.findReference)
  const { record, report, drain } = createRecorder(checked)

  async function readAddress(request: RequestHead, contexts: readonly unknown[]): Promise<string | null> {
    const source = 'clientAddress'
    try {
      const address = await withTimeout(clientAddress?.(request, ...contexts), lookupTimeoutMs, source)
      return typeof address === 'string' ? address : null
    } catch (cause) {
      report({ source, cause, events: [] }, contexts)
      return null
    }
  }

  async function answer(request: RequestHead, ...contexts: readonly unknown[]): Promise<ReceiverAnswer> {
    let source: ReceiverFailure['source'] = 'receiver'
    try {
      const { method } = request
      if (method !== 'GET' && method !== 'HEAD') return refuseMethod()
      const url = parseUrl(request.url)
      if (url === null) return refuseRequest()
      const { host: urlHost, pathname, protocol } = url
      const kind = trackingKind(pathname)
      if (kind === null && pathname !== readyPath) return answerNotFound()

      source = 'host'
      const askedHost = checked.host ? await withTimeout(checked.host(request), lookupTimeoutMs, source) : urlHost
      source = 'domains'
      const host = await withTimeout(findHost(askedHost, protocol), lookupTimeoutMs, source)
      if (host === null) return answerNotFound()
      if (pathname === readyPath) return answerReady()

      source = 'findReference'
      const reference = isTooLong(request.url)
        ? null
        : await withTimeout(resolve(host, pathname), lookupTimeoutMs, source)
      if (reference === null) return kind === 'open' ? answerPixel(404) : answerNotFound()

      source = 'receiver'
      const address = clientAddress ? await readAddress(request, contexts) : null
      const event = describeEvent(reference, host, request.headers, now(), address, tooFastSeconds)
      if (event.type === 'click' && mayRedirect) {
        source = 'mayRedirect'
        if ((await withTimeout(mayRedirect(event), lookupTimeoutMs, source)) === false) return answerGone()
      }
      if (method === 'GET') await record(event, contexts)
      return reference.kind === 'click' ? redirectTo(reference.location) : answerPixel(200)
    } catch (cause) {
      report({ source, cause, events: [] }, contexts)
      return answerUnavailable()
    }
  }
  async function receive(request: Request, ...contexts: readonly unknown[]): Promise<Response> {
    const { status, headers, body } = await answer(request, ...contexts)
    return new Response(request.method === 'HEAD' ? null : body, { status, headers })
  }
  return Object.assign(receive, { drain, answer })
}

// The query is no part of what was minted, however long it makes the URL.
function isTooLong(url: string): boolean {
  if (url.length <= maxTrackingUrlLength) return false
  return url.length > maxRequestUrlLength || url.search(queryStart) > maxTrackingUrlLength
}

/** Where a URL's query or fragment begins, or the URL ends. */
const queryStart = /[?#]|$/
