import { optionChecks } from '../checks.ts'
import { MailtraceError, quote } from '../errors.ts'
import { isAbsoluteWebUrl, parseUrl } from '../url.ts'
import { type BatchingSink, type BatchingSinkOptions, batchingOptions, createBatchingSink } from './batching-sink.ts'
import type { TrackingEvent } from './events.ts'
import { printError, type ReceiverFailure } from './failures.ts'
import { type ResendMessage, resendBody, standardBody, type WebhookFormat, webhookFormats } from './webhook-body.ts'
import { createWebhookSigner } from './webhook-signature.ts'

export interface WebhookSinkOptions extends Omit<BatchingSinkOptions, 'write'> {
  /** The endpoint: https, or http within your own network. Without a user name or password. */
  readonly url: string
  /** `whsec_` and 24 to 64 bytes in base64. Several while one replaces another: each request then carries a signature of each. */
  readonly secret: string | readonly string[]
  /** Default: `'standard'` */
  readonly format?: WebhookFormat | undefined
  /**
   * For `format: 'resend'`: what its bodies say of the message and mailtrace does not know. A field that is left out is empty
   * in the body. If it fails, the event is tried again as if the endpoint had failed. Default: knows nothing
   *
   */
  readonly describeMessage?:
    | ((event: TrackingEvent) => ResendMessage | null | undefined | PromiseLike<ResendMessage | null | undefined>)
    | undefined
  /** Most requests at the same time, each with one event, 1 to 10,000. Default: 10 */
  readonly maxBatchSize?: number | undefined
  /** Default: the global `fetch` */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** The time now, in ms since the epoch; receivers refuse a request that is five minutes off. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

/** 408, 425, 429 and the server's own failures: the same request may be taken later. */
const retriedStatuses = /^(?:408|425|429|5..)$/

/**
 * Sends events to an application by HTTP, as Standard Webhooks has it: one POST for each event, with `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`. `webhook-id` is the event's `id`, the same in each try, so that the
 * application can drop what it has seen. Any 2xx is success. If the endpoint cannot be reached, times out or answers 408,
 * 425, 429 or 5xx, the event is tried again, as with a batching sink. Any other answer, redirects included, gives it up at
 * once. Events that are given up go to `onError`. The order in which events arrive is not kept.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option.
 * @see https://www.standardwebhooks.com
 *
 * @example
 * import { createReceiver, createWebhookSink } from 'mailtrace/receiver'
 *
 * const sink = createWebhookSink({
 *   url: 'https://app.example.com/webhooks/email',
 *   secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
 *   onError: ({ cause, events }) => console.error(cause, events.length),
 * })
 * const receiver = createReceiver({
 *   domains: {
 *     name: 'example.com',
 *     openTracking: true,
 *     clickTracking: true,
 *     trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *     signingKeys: [{ id: '2026-11', secret: 'use 32 random bytes here, kept secret' }],
 *   },
 *   onEvent: sink.add,
 * })
 * // when the process is told to stop
 * await receiver.drain()
 * await sink.close()
 */
export function createWebhookSink(options: WebhookSinkOptions): BatchingSink {
  optionChecks.object(options, 'options', [...ownOptions, ...batchingOptions])
  const {
    url,
    secret,
    format = 'standard',
    describeMessage,
    fetch: send = fetch,
    now = Date.now,
    ...batching
  } = options
  const { href, host } = readEndpoint(url)
  const sign = createWebhookSigner(secret)
  optionChecks.oneOf(format, 'format', webhookFormats)
  if (describeMessage !== undefined) optionChecks.function(describeMessage, 'describeMessage')
  if (describeMessage !== undefined && format !== 'resend') {
    throw optionChecks.error(`describeMessage is for format "resend", and format is ${quote(format)}: use both or none`)
  }
  optionChecks.function(send, 'fetch')
  optionChecks.function(now, 'now')
  const onError = optionChecks.function(options.onError, 'onError')
  /** Ids of the batch at hand that need no further try. */
  const settled = new Set<string>()
  let requests = new AbortController()

  async function write(events: readonly TrackingEvent[]): Promise<void> {
    // A request that the sink no longer waits for must not hold a connection.
    requests.abort()
    requests = new AbortController()
    const { signal } = requests
    const tries = events.filter(({ id }) => !settled.has(id)).map((event) => deliver(event, signal))
    const failed = (await Promise.allSettled(tries)).find(({ status }) => status === 'rejected')
    if (failed) throw (failed as PromiseRejectedResult).reason
    settled.clear()
  }

  /** Rejects if another try may help. */
  async function deliver(event: TrackingEvent, signal: AbortSignal): Promise<void> {
    const body = format === 'resend' ? resendBody(event, await describeMessage?.(event)) : standardBody(event)
    const timestamp = Math.floor(now() / 1000)
    const headers = {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': `${timestamp}`,
      'webhook-signature': await sign(event.id, timestamp, body),
    }
    const status = await post({ method: 'POST', headers, body, redirect: 'manual', signal })
    const isTaken = status >= 200 && status <= 299
    if (!isTaken && retriedStatuses.test(`${status}`)) throw refusal(status)
    settled.add(event.id)
    if (!isTaken) tell({ source: 'sink', cause: refusal(status), events: [event] })
  }

  async function post(init: RequestInit): Promise<number> {
    try {
      const response = await send(href, init)
      response.body?.cancel().catch(() => {})
      return response.status
    } catch (error) {
      throw new MailtraceError(
        'webhook-failed',
        `${quote(host)} could not be asked (${reasonOf(error)}): see that it is up`,
      )
    }
  }

  function refusal(status: number): MailtraceError {
    return new MailtraceError('webhook-failed', `${quote(host)} answered ${status}: it must answer an event with 2xx`)
  }

  function tell(failure: ReceiverFailure): void {
    const told = async () => onError(failure)
    told().catch((error) => printError('mailtrace: onError failed', error))
  }

  const sink = createBatchingSink({
    ...batching,
    maxBatchSize: batching.maxBatchSize ?? 10,
    write,
    onError: (failure) => {
      // Some events of a batch that is given up may have been taken.
      tell({ ...failure, events: failure.events.filter(({ id }) => !settled.delete(id)) })
    },
  })
  return {
    add: sink.add,
    close: async () => {
      await sink.close()
      requests.abort()
    },
  }
}

const ownOptions = ['url', 'secret', 'format', 'describeMessage', 'fetch', 'now']

/** Never shown in an error: a user name, a path or a query may be a secret. */
function readEndpoint(url: unknown): URL {
  const parsed = typeof url === 'string' && isAbsoluteWebUrl(url) ? parseUrl(url) : null
  if (parsed === null) throw optionChecks.error('url is no absolute http or https URL: use that of the endpoint')
  if (parsed.username !== '' || parsed.password !== '') {
    throw optionChecks.error('url has a user name or a password, which fetch refuses: the signature tells who sends')
  }
  return parsed
}

/** A code like `ECONNREFUSED`, or the error's name; a message may hold what was sent. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: unknown }
  return String(cause?.code ?? name)
}
