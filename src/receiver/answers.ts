// Every answer that the receiver gives. None may be cached, leave its type to be guessed, or show anything of the inside.

/** An answer before it is put into a server's own form. */
export interface ReceiverAnswer {
  readonly status: number
  /** Names are in lower case, values in ASCII. `content-length` is left to the server. */
  readonly headers: Readonly<Record<string, string>>
  /** Text is ASCII. It is there for HEAD too, and must not be sent then. */
  readonly body: string | Uint8Array<ArrayBuffer> | null
}

/** In seconds: how long a client should wait for a lookup to work again. */
const retryAfterSeconds = 10

// no-store: a cached answer is a click that nobody sees. no-referrer: the destination must not learn the reference. noindex: a
// link that leaks to a search engine stays out of its index.
const headersOfAll = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
}

/** The smallest transparent GIF that all mail clients take: 43 bytes. */
const pixelGif = Uint8Array.from(atob('R0lGODlhAQABAPAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=='), (char) =>
  char.charCodeAt(0),
)

/** @param location an ASCII URL, as `URL.href` gives it */
export function redirectTo(location: string): ReceiverAnswer {
  // Without a spread, which is most of what such an answer costs.
  const headers = {
    location,
    'cache-control': headersOfAll['cache-control'],
    'x-content-type-options': headersOfAll['x-content-type-options'],
    'referrer-policy': headersOfAll['referrer-policy'],
    'x-robots-tag': headersOfAll['x-robots-tag'],
  }
  return { status: 302, headers, body: null }
}

/** 200 for an open. 404 for a bad reference, for which a mail would otherwise show a broken image. */
export function answerPixel(status: 200 | 404): ReceiverAnswer {
  return { status, headers: { 'content-type': 'image/gif', ...headersOfAll }, body: pixelGif }
}

export function answerReady(): ReceiverAnswer {
  return { status: 204, headers: headersOfAll, body: null }
}

/** For a host or a target that makes no URL, which no `Request` can have. */
export function refuseRequest(): ReceiverAnswer {
  return answerText(400, 'Bad request.\n')
}

export function refuseMethod(): ReceiverAnswer {
  return answerText(405, 'Only GET and HEAD are answered here.\n', { allow: 'GET, HEAD' })
}

export function answerNotFound(): ReceiverAnswer {
  return answerText(404, 'There is nothing here. If you followed a link, it may have been cut or changed.\n')
}

export function answerGone(): ReceiverAnswer {
  return answerText(410, 'This link has been switched off.\n')
}

export function answerUnavailable(): ReceiverAnswer {
  const headers = { 'retry-after': `${retryAfterSeconds}` }
  return answerText(503, 'This link cannot be followed right now. Please try again in a moment.\n', headers)
}

function answerText(status: number, body: string, headers?: Record<string, string>): ReceiverAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers, ...headersOfAll }, body }
}

/** HEAD gets the same without a body. It never throws, whatever the request is. */
export function toResponse({ status, headers, body }: ReceiverAnswer, request: { readonly method: string }): Response {
  let isHead = false
  try {
    isHead = request.method === 'HEAD'
  } catch {}
  return new Response(isHead ? null : body, { status, headers })
}
