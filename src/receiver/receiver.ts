// The receiver must never reject, never follow what mailtrace did not mint, and never show what went wrong inside.

import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { limitEach } from '../timers.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import { maxTrackingUrlLength, trackingKind } from '../tracking-url/tracking-url.ts'
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
  toResponse,
} from './answers.ts'
import { copyEvent, disclosures, makeEvent } from './events.ts'
import { askDecision, askHook, callHook, toFailure } from './failures.ts'
import { createHostFinder, maxHostLength } from './host-finder.ts'
import { type MissReason, missReasons } from './misses.ts'
import { type Contexts, checkReceiverOptions, type ReceiverOptions } from './receiver-options.ts'
import { createRecorder } from './recorder.ts'
import { copyText, type RequestHead, readUrl } from './request-head.ts'
import { createResolver } from './resolve-reference.ts'
import { createClassifier } from './signals.ts'

/**
 * A fetch handler that never rejects. `contexts` are what the server passes beside the request, whatever that is: Cloudflare
 * Workers pass `env` and `ctx`, others one object or none. Events are recorded under the `waitUntil` of the first that has
 * one (see `ReceiverContext`).
 */
export interface Receiver {
  (request: Request, ...contexts: Contexts): Promise<Response>
  /** The same for a server that has no `Request` and `Response`; it does not pay for them. See `createNodeListener`. */
  answer(request: RequestHead, ...contexts: Contexts): Promise<ReceiverAnswer>
  /**
   * Settles when every event of the requests answered so far has gone through `shouldRecord` and `onEvent`, or has been given
   * to `onError`; never rejects. A hook that hangs is waited for until its time-out. Requests that are answered meanwhile are
   * not waited for. Await it before the process ends: after the server has answered its last request, before the sink closes.
   *
   */
  drain(): Promise<void>
}

/** Whoever asks for it learns whether the host's TLS certificate works. */
const readyPath = '/.well-known/mailtrace'

/** In characters, with all that gateways appended: four times the 16 KiB that Node's server takes for a whole head. */
const maxRequestUrlLength = 65_536

/**
 * Makes the handler that serves the clicks and opens of tracking hosts. A click is sent on to where the link led when the
 * mail was sent, an open gets a 1x1 GIF. A reference that this domain's keys did not sign and `findReference` does not know
 * is never followed. All hosts that a domain lists are served, whatever its status and switches say now. The mode that a link
 * or pixel was minted with decides how much of an event is recorded, whatever the domain's configuration says now.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option, a host that is listed twice, a list without any
 *   host, or one in which a domain has no `signingKeys` while there is no `findReference`; `invalid-config` if a domain is
 *   wrong. The handler itself answers whatever comes.
 *
 * @example
 * import { defineDomain, instrumentEmail } from 'mailtrace'
 * import { createReceiver } from 'mailtrace/receiver'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *   signingKeys: [{ id: '2026-11', secret: 'use 32 random bytes here, kept secret' }],
 * })
 * const seen: string[] = []
 * const receiver = createReceiver({ domains: domain, onEvent: (event) => void seen.push(event.type) })
 * const [link] = instrumentEmail('<a href="https://example.org/">x</a>', domain).links
 * const response = await receiver(new Request(link?.kind === 'tracked' ? link.url : ''))
 * await receiver.drain()
 * console.log(response.status, response.headers.get('location'), seen) // 302 https://example.org/ [ 'click' ]
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const checked = checkReceiverOptions(options)
  const { host: readHost, mayRedirect, clientAddress, now, createId } = checked
  const lookups = limitEach(checked.lookupTimeoutMs)
  const { record, report, missed, drain } = createRecorder(checked)
  const findHost = createHostFinder(checked)
  const readClock = () => optionChecks.time(now(), 'now')
  const classify = createClassifier(checked.tooFastSeconds)
  const resolve = createResolver(checked, (cause, contexts) => {
    report({ source: 'findReference', cause, events: [] }, contexts)
  })

  async function answer(request: RequestHead, ...contexts: Contexts): Promise<ReceiverAnswer> {
    try {
      const { method, url } = request
      const { isHttp, host: urlHost, pathname } = readUrl(url)
      const type = trackingKind(pathname)
      const refuse = (reason: MissReason, asked: unknown, domain: string | null) => {
        const host = typeof asked === 'string' && asked !== '' ? copyText(asked, maxHostLength) : null
        missed({ reason, type, host, domain }, contexts)
        return answerMiss(reason, type)
      }

      if (method !== 'GET' && method !== 'HEAD') return refuse('wrong-method', urlHost, null)
      if (urlHost === '') return refuse('bad-url', urlHost, null)
      if (type === null && pathname !== readyPath) return refuse('unknown-path', urlHost, null)
      if (url.length > maxRequestUrlLength) return refuse('url-too-long', urlHost, null)

      const asked = readHost ? await askHook('host', lookups, () => readHost(request, ...contexts)) : urlHost
      const found = findHost(asked, isHttp, contexts)
      const host = found instanceof Promise ? await found : found
      if (typeof host === 'string') return refuse(host, asked, null)
      if (type === null) return answerReady()

      // The length of what was minted is measured, so that neither a proxy's own host name nor a query that a gateway
      // appended makes a link too long.
      if (host.origin.length + pathname.length > maxTrackingUrlLength) return refuse('url-too-long', asked, host.domain)
      const resolved = resolve(host, pathname, contexts)
      const reference = resolved instanceof Promise ? await resolved : resolved
      if (typeof reference === 'string') return refuse(reference, asked, host.domain)

      const time = callHook('now', readClock)
      const id = readId(contexts)
      const address = clientAddress && disclosures[reference.mode].reader ? await readAddress(request, contexts) : null
      const event = makeEvent(reference, host, request.headers, { id, time, clientAddress: address }, classify)
      if (event.type === 'click' && mayRedirect) {
        const mayFollow = await askDecision('mayRedirect', lookups, () => mayRedirect(copyEvent(event), ...contexts))
        if (!mayFollow) return refuse('redirect-refused', asked, host.domain)
      }
      const recorded = method === 'GET' ? record(event, contexts) : undefined
      if (recorded) await recorded
      return reference.kind === 'click' ? redirectTo(reference.location) : answerPixel(200)
    } catch (caught) {
      report(toFailure(caught), contexts)
      return answerUnavailable()
    }
  }

  /** A link must not break because there is no id. */
  function readId(contexts: Contexts): string {
    try {
      const id: unknown = createId()
      if (typeof id === 'string' && id !== '') return id
      throw new TypeError(`createId gives ${quote(id)}: give a text`)
    } catch (cause) {
      report({ source: 'createId', cause, events: [] }, contexts)
      return randomRef()
    }
  }

  async function readAddress(request: RequestHead, contexts: Contexts): Promise<string | null> {
    try {
      const address = await askHook('clientAddress', lookups, () => clientAddress?.(request, ...contexts))
      return typeof address === 'string' ? address : null
    } catch (caught) {
      report(toFailure(caught), contexts)
      return null
    }
  }

  const receive = async (request: Request, ...contexts: Contexts): Promise<Response> =>
    toResponse(await answer(request, ...contexts), request)
  return Object.assign(receive, { answer, drain })
}

function answerMiss(reason: MissReason, type: 'click' | 'open' | null): ReceiverAnswer {
  switch (missReasons[reason].status) {
    case 400:
      return refuseRequest()
    case 405:
      return refuseMethod()
    case 410:
      return answerGone()
    default:
      return type === 'open' ? answerPixel(404) : answerNotFound()
  }
}
