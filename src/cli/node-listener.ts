// Owns the way from node:http to a fetch handler and back, as far as a server that takes no bodies needs it.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

type Handler = (request: Request) => Response | Promise<Response>

/** @param isDraining whether the server has stopped listening: a connection kept alive would keep it from ending */
export function createListener(handle: Handler, isDraining: () => boolean): RequestListener {
  return (incoming, outgoing) => {
    answer(incoming, handle)
      .then((response) => send(response, outgoing, isDraining()))
      // The connection is gone, or the handler broke its word never to reject: nothing can be told to this client.
      .catch(() => outgoing.destroy())
  }
}

async function answer(incoming: IncomingMessage, handle: Handler): Promise<Response> {
  let request: Request
  try {
    request = toRequest(incoming)
  } catch {
    return new Response('Bad request\n', { status: 400, headers: { 'content-type': 'text/plain' } })
  }
  return handle(request)
}

/** @throws for what fetch has no Request for: no path, a host that is none, the method TRACE */
function toRequest({ method = 'GET', url = '', headers, rawHeaders }: IncomingMessage): Request {
  if (!url.startsWith('/')) throw new TypeError('not a path')
  const pairs: [string, string][] = []
  for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i]!, rawHeaders[i + 1]!])
  return new Request(`http://${headers.host ?? 'localhost'}${url}`, { method, headers: pairs })
}

async function send(response: Response, outgoing: ServerResponse, isLast: boolean): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const headers = Object.fromEntries(response.headers)
  outgoing.writeHead(response.status, isLast ? { ...headers, connection: 'close' } : headers)
  // Node leaves the body of an answer to HEAD out by itself.
  outgoing.end(body)
}
