// Owns the way from node:http to a fetch handler and back, as far as a server that takes no bodies needs it.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

type Handler = (request: Request) => Response | Promise<Response>

export function createListener(handle: Handler): RequestListener {
  return (incoming, outgoing) => {
    answer(incoming, handle)
      .then((response) => send(response, incoming, outgoing))
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

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  // A server that drains has stopped listening: a connection that stays open would keep it from ending.
  const isDraining = 'server' in incoming.socket && !(incoming.socket.server as { listening: boolean }).listening
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    ...(isDraining && { connection: 'close' }),
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}
