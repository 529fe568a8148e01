// Must never carry a secret, a recipient or more than 80 characters of input.

import { escapeUnprintable } from './printable.ts'

/** Every reason for which mailtrace throws, or tells `onError` of. Stable: codes are added, never renamed. */
export const errorCodes = {
  'invalid-config': 'a `DomainConfig` is wrong',
  'invalid-options': 'an option of a call is wrong',
  'invalid-message-ref': 'a `messageRef` does not fit the kind of references the domain uses',
  'invalid-host': 'a tracking domain is no host name that DNS and a certificate can carry',
  'host-outside-domain': "a tracking domain does not share the sending domain's registrable domain",
  'host-is-sending-domain': 'a CNAME record cannot stand at the sending domain: it would displace other records',
  'host-is-root-domain': 'a CNAME record cannot stand at the root domain: it would displace other records',
  'change-too-soon': "the last change was less than the interval ago; the error's `allowedAt` says when it will be",
  'removal-refused': 'a tracking domain can be changed, never removed',
  'unknown-host': 'the domain has no such tracking domain',
  'domain-taken': 'the store has the sending domain already',
  'host-taken': 'the store has the tracking domain already, for another sending domain or for one that was removed',
  'unknown-domain': 'the store has no such domain of this owner',
  'version-conflict': 'the domain was changed since it was read: read it again',
  'removal-unacknowledged': 'links in sent mail depend on the domain, and whoever removes it has not acknowledged that',
  'invalid-resend-domain': "the JSON is no domain object of Resend's API",
  'unsupported-platform': 'the platform lacks what the call needs',
  'timed-out':
    "a hook of the receiver or of the nodemailer plugin, or a write of the batching sink, did not settle in time. Reaches `onError`; the plugin's strict mode throws it",
  'sink-full':
    "the batching sink, or the receiver's `maxPending`, was full and could not take an event. Reaches `onError` only",
  'sink-closed': 'the batching sink was closed and could not take an event. Reaches `onError` only',
  'webhook-failed': 'an endpoint did not take an event. Reaches `onError` only',
} as const

export type MailtraceErrorCode = keyof typeof errorCodes

/**
 * Thrown for wrong configuration and refused changes, by every entry of the package. Odd HTML and odd requests never
 * throw. The message names the field, says what is wrong and what to do.
 */
export class MailtraceError extends Error {
  override readonly name = 'MailtraceError'
  /** Which rule was broken; stable, unlike the message. */
  readonly code: MailtraceErrorCode
  /** For `change-too-soon`: from when on the change is allowed, in ms since the epoch. */
  readonly allowedAt: number | undefined

  constructor(code: MailtraceErrorCode, message: string, details: { readonly allowedAt?: number } = {}) {
    super(message)
    this.code = code
    this.allowedAt = details.allowedAt
  }
}

/** Puts an input into a message: quoted, at most 80 characters, never an object's contents. */
export function quote(value: unknown): string {
  if (typeof value === 'string') {
    return escapeUnprintable(JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value))
  }
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined)
    return `${value}`
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
