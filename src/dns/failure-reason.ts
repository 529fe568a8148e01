import { printable } from '../printable.ts'

/** Deno's fetch begins its message with the URL, which would take all of the space. */
const denoPreface = /^error sending request for url \(\S*\): /

/** In characters: a reason stands in the midst of a sentence. */
const maxReasonLength = 80

/** A short reason for people: the code where there is one (`ESERVFAIL`, `CERT_HAS_EXPIRED`), else the message. */
export function failureReason(error: unknown): string {
  try {
    if (!(error instanceof Error)) return 'an error'
    // fetch wraps what happened on the wire.
    const origin: Error & { readonly code?: unknown } = error.cause instanceof Error ? error.cause : error
    const reason = typeof origin.code === 'string' ? origin.code : String(origin.message)
    return printable(reason.slice(0, 1000).replace(denoPreface, ''), maxReasonLength)
  } catch {
    return 'an error' // whose fields throw
  }
}
