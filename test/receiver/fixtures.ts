// Owns what the receiver's tests share: a domain, URLs minted for it, and a receiver whose events can be awaited.

import { checkDomain, type DomainConfig } from '../../src/config/domain-config.ts'
import {
  createReceiver,
  type ReceiverFailure,
  type ReceiverOptions,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { createTokenSigner, type TokenSigner } from '../../src/tracking-url/token.ts'

/** 2026-01-15T12:00:00Z, in ms and in seconds. */
export const nowMs = 1_768_478_400_000
export const nowSeconds = 1_768_478_400

export const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [
    { host: 'old.example.com', status: 'failed' },
    { host: 'links.example.com', status: 'verified' },
  ],
  signingKeys: [{ id: 'k1', secret: 'a secret of example.com, long enough' }],
}

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
  const message = { mode: 'full', part: 'html', ref: 'message-1', issuedAt: nowMs - 60_000 } as const
  return `${at}/c/${signerOf(config).clicks(message)(3, to)}`
}

export function openUrl(config: DomainConfig = domain, at: string = origin): string {
  const issuedAt = nowMs - 60_000
  return `${at}/o/${signerOf(config).open({ mode: 'full', pixel: 'end', ref: 'message-1', issuedAt })}.gif`
}

/** A receiver that keeps its events and failures; `settle` waits until all events are recorded. */
export function setUp(options: Partial<ReceiverOptions> = {}) {
  const events: TrackingEvent[] = []
  const failures: ReceiverFailure[] = []
  const pending: Promise<unknown>[] = []
  const receiver = createReceiver({
    domains: domain,
    onEvent: (event) => events.push(event),
    onError: (failure) => failures.push(failure),
    now: () => nowMs,
    ...options,
  })
  const context = { waitUntil: (promise: Promise<unknown>) => void pending.push(promise) }
  const ask = (url: string, init?: RequestInit) => receiver(new Request(url, init), context)
  const settle = async (): Promise<void> => {
    while (pending.length > 0) await pending.pop()
  }
  return { receiver, ask, settle, events, failures, context }
}

/** Never settles. */
export const hang = (): Promise<never> => new Promise(() => {})
