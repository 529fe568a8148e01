/** The value of a cookie; `null` if the request has none of that name. */
export function readCookie({ headers }: Request, name: string): string | null {
  const prefix = `${name}=`
  const found = (headers.get('cookie') ?? '').split(';').find((pair) => pair.trimStart().startsWith(prefix))
  return found === undefined ? null : found.trim().slice(prefix.length)
}

/** A cookie that scripts do not see and that no other site can have sent. Over TLS it stays on TLS. */
export function formatCookie(request: Request, name: string, value: string, maxAgeSeconds?: number): string {
  const isTls = request.url.startsWith('https:') || request.headers.get('x-forwarded-proto') === 'https'
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}${age}`
}
