/** Cookies know no ports: two consoles on one machine would sign each other out. */
function nameAt({ url }: Request, name: string): string {
  const { port } = new URL(url)
  return port === '' ? name : `${name}-${port}`
}

/** The value of a cookie; `null` if the request has none of that name. */
export function readCookie(request: Request, name: string): string | null {
  const prefix = `${nameAt(request, name)}=`
  const pairs = (request.headers.get('cookie') ?? '').split(';')
  const found = pairs.find((pair) => pair.trimStart().startsWith(prefix))
  return found === undefined ? null : found.trim().slice(prefix.length)
}

/** A cookie that scripts do not see and that no other site can have sent. Over TLS it stays on TLS. */
export function formatCookie(request: Request, name: string, value: string, maxAgeSeconds?: number): string {
  const isTls = request.url.startsWith('https:') || request.headers.get('x-forwarded-proto') === 'https'
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  return `${nameAt(request, name)}=${value}; Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}${age}`
}
