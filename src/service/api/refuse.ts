import { HTTPException } from '../hono.ts'

/**
 * What the API refuses a request for: the `name` of its answer. They are Resend's, so that its clients know them.
 *
 * @see https://resend.com/docs/api-reference/errors
 */
export const apiErrorKinds = {
  missing_api_key: 'there is no `Authorization: Bearer` with a key',
  invalid_api_key: 'nobody has this key',
  restricted_api_key: 'the key may read, and this changes something',
  rate_limit_exceeded: 'too many requests with this key, or too many without one: `retry-after` says how long to wait',
  missing_required_field: 'a field of the body is missing',
  validation_error: 'the body is no JSON or has a wrong field, or a rule of the product forbids it',
  invalid_parameter: 'a parameter in the URL is wrong',
  not_found: 'there is nothing here, or it is somebody else’s',
  method_not_allowed: 'not with this method: `allow` says with which',
  internal_server_error: 'something went wrong inside',
} as const

export type ApiErrorKind = keyof typeof apiErrorKinds

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500
  readonly name: ApiErrorKind
  readonly message: string
  /** Further fields of the answer. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer of the shape that Resend's clients read. */
export function errorResponse({ status, name, message, details = {}, headers = {} }: Refusal): Response {
  return Response.json({ statusCode: status, message, name, ...details }, { status, headers })
}

/** Ends the handling of a request. */
export function refuse(refusal: Refusal): never {
  throw new HTTPException(refusal.status, { res: errorResponse(refusal) })
}
