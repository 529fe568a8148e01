// A domain, URLs minted for it, and a receiver whose events can be awaited.

import { checkDomain, type DomainConfig } from '../../src/config/domain-config.ts'
import type { ClickMode, OpenMode } from '../../src/config/tracking-modes.ts'
import {
  createReceiver,
  type Miss,
  type ReceiverFailure,
  type ReceiverOptions,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { createTokenSigner, type TokenSigner } from '../../src/tracking-url/token.ts'
import { signedDomain } from '../kit/domains.ts'

/** 2026-01-15T12:00:00Z. */
export const nowMs = 1_768_478_400_000
/** 2026-01-15T00:00:00Z. */
export const todayMs = 1_768_435_200_000

export const domain = signedDomain

export const otherDomain: DomainConfig = {
  name: 'other.example',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.other.example', status: 'verified' }],
  signingKeys: [{ id: 'k1', secret: 'a secret of other.example, long enough' }],
}

export const origin = 'https://links.example.com'
export const destination = 'https://shop.example/sale?a=1&b=2#top'
export const storedRef = 'stored-reference-0001'

export function signerOf(config: DomainConfig, keyIndex = 0): TokenSigner {
  const { name, keys } = checkDomain(config)
  return createTokenSigner(name, keys[keyIndex]!)
}

/** A click's URL as instrumentEmail writes it, for a message of a minute ago. */
export function clickUrl(to: string = destination, config: DomainConfig = domain, at: string = origin): string {
  return clickUrlOf({}, to, config, at)
}

interface Minted<Mode> {
  readonly mode?: Mode
  readonly part?: 'html' | 'text'
  readonly pixel?: 'start' | 'end'
  readonly ref?: string
  /** Default: 60 */
  readonly ageSeconds?: number
}

export function clickUrlOf(
  { mode = 'full', part = 'html', ref = 'message-1', ageSeconds = 60 }: Minted<ClickMode>,
  to: string = destination,
  config: DomainConfig = domain,
  at: string = origin,
): string {
  return `${at}/c/${signerOf(config).clicks({ mode, part, ref, issuedAt: nowMs - ageSeconds * 1000 })(3, to)}`
}

export function openUrl(config: DomainConfig = domain, at: string = origin): string {
  return openUrlOf({}, config, at)
}

export function openUrlOf(
  { mode = 'full', pixel = 'end', ref = 'message-1', ageSeconds = 60 }: Minted<OpenMode>,
  config: DomainConfig = domain,
  at: string = origin,
): string {
  return `${at}/o/${signerOf(config).open({ mode, pixel, ref, issuedAt: nowMs - ageSeconds * 1000 })}.gif`
}

/** A receiver that keeps its events, failures and misses; `settle` waits until all is recorded and reported. */
export function setUp(options: Partial<ReceiverOptions> = {}) {
  const events: TrackingEvent[] = []
  const failures: ReceiverFailure[] = []
  const misses: Miss[] = []
  const pending: Promise<unknown>[] = []
  let ids = 0
  const receiver = createReceiver({
    domains: domain,
    onEvent: (event) => events.push(event),
    onError: (failure) => failures.push(failure),
    onMiss: (miss) => misses.push(miss),
    now: () => nowMs,
    createId: () => `event-${++ids}`,
    ...options,
  })
  const context = { waitUntil: (promise: Promise<unknown>) => void pending.push(promise) }
  const ask = (url: string, init?: RequestInit) => receiver(new Request(url, init), context)
  const settle = async (): Promise<void> => {
    while (pending.length > 0) await pending.pop()
  }
  return { receiver, ask, settle, events, failures, misses, context }
}

/** Never settles. */
export const hang = (): Promise<never> => new Promise(() => {})
