import { type ReceiverAnswer, refuseRequest } from './answers.ts'
import type { Receiver } from './receiver.ts'
import type { RequestHead } from './request-head.ts'

/** What the listener reads: node:http's `IncomingMessage`, Express's request, Fastify's `request.raw`. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: { readonly [name: string]: string | string[] | undefined }
}

/** What the listener writes to: node:http's `ServerResponse`, Express's response, Fastify's `reply.raw`. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string | number>): unknown
  end(body?: string | Uint8Array): unknown
  destroy(): unknown
}

/**
 * Mounts a receiver in node:http, Express and Fastify: it answers every request that it is given. It makes no `Request` and
 * no `Response`, which would take half of the time of a click. Hooks get one context, `{ incoming, outgoing }`: Node's own
 * two objects.
 *
 * @example
 * import { createServer } from 'node:http'
 * import { createNodeListener, createReceiver } from 'mailtrace/receiver'
 *
 * const receiver = createReceiver({
 *   domains: {
 *     name: 'example.com',
 *     openTracking: true,
 *     clickTracking: true,
 *     trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *     signingKeys: [{ id: '2026-11', secret: 'use 32 random bytes here, kept secret' }],
 *   },
 *   onEvent: (event) => console.log(event),
 * })
 * const server = createServer(createNodeListener(receiver)).listen(0) // a port of your own: 8080
 * server.close()
 */
export function createNodeListener(
  receiver: Pick<Receiver, 'answer'>,
): (incoming: NodeRequest, outgoing: NodeResponse) => void {
  const answerTo = async (incoming: NodeRequest, outgoing: NodeResponse): Promise<void> => {
    try {
      const head = readHead(incoming)
      send(head ? await receiver.answer(head, { incoming, outgoing }) : refuseRequest(), outgoing)
    } catch {
      // The receiver never rejects: what fails is the writing, as somebody else has answered already.
      outgoing.destroy()
    }
  }
  return (incoming, outgoing) => void answerTo(incoming, outgoing)
}

/**
 * RFC 9112, section 3.2: a target is a path, to which `Host` gives the host, or a whole URL, for which `Host` does not count.
 * `null` for other targets, and for a `Host` that is more than a host and a port: joined with the path,
 * `links.example.com/c/TOKEN?` would make another URL than the one that a proxy in front saw.
 */
function readHead({ method = 'GET', url = '', headers }: NodeRequest): RequestHead | null {
  const get = (name: string): string | null => {
    const value = headers[name]
    return typeof value === 'string' ? value : (value?.join(', ') ?? null)
  }
  if (wholeUrl.test(url)) return { method, url, headers: { get } }
  const host = get('host')
  if (!url.startsWith('/') || host === null || !hostAndPort.test(host)) return null
  return { method, url: `http://${host}${url}`, headers: { get } }
}

const wholeUrl = /^https?:\/\//i
const hostAndPort = /^[\w.[\]:-]+$/

function send({ status, headers, body }: ReceiverAnswer, outgoing: NodeResponse): void {
  // Without a length Node sends chunks. A 204 has none (RFC 9110, section 8.6).
  outgoing.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': body?.length ?? 0 })
  // Node itself leaves out the body of an answer to HEAD.
  outgoing.end(body ?? undefined)
}
