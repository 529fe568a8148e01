// Owns every answer that the receiver gives. None may be cached, guessed at or show anything of the inside.

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
export function redirectTo(location: string): Response {
  // The spread comes last: first, it makes the whole answer take 3.0 us instead of 1.8 on Node 20.
  return new Response(null, { status: 302, headers: { location, ...headersOfAll } })
}

/** 200 for an open; 404 for a reference that is none, where a broken image would show. */
export function answerPixel(status: 200 | 404, hasBody: boolean): Response {
  return new Response(hasBody ? pixelGif : null, { status, headers: { 'content-type': 'image/gif', ...headersOfAll } })
}

export function answerReady(): Response {
  return new Response(null, { status: 204, headers: headersOfAll })
}

export function refuseMethod(): Response {
  return answerText(405, 'Only GET and HEAD are answered here.\n', true, { allow: 'GET, HEAD' })
}

export function answerNotFound(hasBody: boolean): Response {
  return answerText(404, 'There is nothing here. If you followed a link, it may have been cut or changed.\n', hasBody)
}

export function answerGone(hasBody: boolean): Response {
  return answerText(410, 'This link has been switched off.\n', hasBody)
}

export function answerUnavailable(hasBody: boolean): Response {
  const headers = { 'retry-after': `${retryAfterSeconds}` }
  return answerText(503, 'This link cannot be followed right now. Please try again in a moment.\n', hasBody, headers)
}

function answerText(status: number, text: string, hasBody: boolean, headers?: Record<string, string>): Response {
  const all = { 'content-type': 'text/plain; charset=utf-8', ...headers, ...headersOfAll }
  return new Response(hasBody ? text : null, { status, headers: all })
}
