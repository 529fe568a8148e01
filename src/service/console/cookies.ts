import { parseCookies, serializeCookie } from '../hono.ts'

/** Cookies know no ports: two consoles on one machine would sign each other out. */
function nameAt({ url }: Request, name: string): string {
  const { port } = new URL(url)
  return port === '' ? name : `${name}-${port}`
}

/** The value of a cookie; `null` if the request has none of that name. */
export function readCookie(request: Request, name: string): string | null {
  const own = nameAt(request, name)
  return parseCookies(request.headers.get('cookie') ?? '', own)[own] ?? null
}

/** A cookie that scripts do not see and that no other site can have sent. Over TLS it stays on TLS. */
export function formatCookie(request: Request, name: string, value: string, maxAgeSeconds?: number): string {
  const secure = request.url.startsWith('https:') || request.headers.get('x-forwarded-proto') === 'https'
  const age = maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }
  return serializeCookie(nameAt(request, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure,
    ...age,
  })
}
