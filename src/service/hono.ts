// hono is an optional peer: whoever only tracks mail does not install it. Console pages are written with its JSX, whose runtime
// the compiler imports by itself.

import type { JSX } from 'hono/jsx/jsx-runtime'

export type { Context, MiddlewareHandler } from 'hono'
export { Hono } from 'hono'
export { raw } from 'hono/html'
export { HTTPException } from 'hono/http-exception'
export type { Child } from 'hono/jsx'
export { parse as parseCookies, serialize as serializeCookie } from 'hono/utils/cookie'

/** What a component gives. */
export type Html = JSX.Element
