// hono is an optional peer: whoever only tracks mail does not install it. Console pages are written with its JSX, whose runtime
// the compiler imports by itself.

export type { Context } from 'hono'
export { Hono } from 'hono'
export { HTTPException } from 'hono/http-exception'
