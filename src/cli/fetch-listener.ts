import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

type FetchHandler = (request: Request, contexts: { readonly incoming: IncomingMessage }) => Promise<Response>

/**
 * Serves what takes a `Request` with Node's server, bodies as they come.
 *
 * @param stopping ends answers that have no end of their own, as a page's live events
 */
export async function answerByFetch(
  handler: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  try {
    const response = await handler(toRequest(incoming, gone.signal), { incoming })
    outgoing.statusCode = response.status
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
    if (response.body === null || incoming.method === 'HEAD') {
      await response.body?.cancel()
      outgoing.end()
      return
    }
    // The reader learns that it has begun, although nothing may come for a while.
    outgoing.flushHeaders()
    const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    const body = Readable.fromWeb(response.body as ReadableStream)
    if (isEndless) stopping.addEventListener('abort', () => body.push(null), { once: true })
    await pipeline(body, outgoing)
  } catch {
    // Its client has left, or its answer broke off: it must not look whole.
    outgoing.destroy()
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((each): [string, string] => [name, each]),
  )
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: pairs,
    signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as BodyInit, duplex: 'half' }),
  } as RequestInit)
}
