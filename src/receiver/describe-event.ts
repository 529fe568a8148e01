// Owns what an event says: the reference, when and how it was asked for, and nothing else of the request.

import type { TrackingEvent } from './events.ts'
import type { RequestHead } from './request-head.ts'
import type { ResolvedReference } from './resolve-reference.ts'
import { classifyRequest, readUserAgent } from './signals.ts'
import type { TrackingHost } from './tracking-hosts.ts'

export function describeEvent(
  reference: ResolvedReference,
  { host, domain }: TrackingHost,
  headers: RequestHead['headers'],
  time: number,
  clientAddress: string | null,
  tooFastSeconds: number,
): TrackingEvent {
  const { messageRef, issuedAt } = reference
  const userAgent = readUserAgent(headers)
  const ageSeconds = issuedAt === null ? null : time / 1000 - issuedAt
  const signals = classifyRequest(headers, userAgent, ageSeconds, tooFastSeconds)
  const fields = { messageRef, domain, host, time, issuedAt, userAgent, clientAddress, signals }
  if (reference.kind === 'open') return { type: 'open', ...fields }
  const { part, index, destination } = reference
  return { type: 'click', part, index, destination, ...fields }
}
