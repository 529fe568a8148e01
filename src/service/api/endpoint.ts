import type { Access, Identity } from '../service-options.ts'

/** A request that has come so far: whose key it brought. */
export interface Call {
  readonly request: Request
  readonly identity: Identity
  /** A part of the path, decoded: `:id`. */
  readonly param: (name: string) => string
}

/** One method at one path. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly access: Access
  readonly answer: (call: Call) => Promise<Response>
}

/** A page as Resend's lists are, and what to ask `after` for the next one. */
export function listJson(data: readonly object[], next: string | null): Response {
  return Response.json({ object: 'list', has_more: next !== null, data, next })
}
