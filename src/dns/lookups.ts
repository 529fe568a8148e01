// A resolver may hang, throw, or give anything at all. Here that becomes a value.

import type { Deadline } from '../timers.ts'
import { dnsName } from './dns-name.ts'
import { failureReason } from './failure-reason.ts'
import type { CaaProperty, DnsResolver } from './resolver.ts'

/** A lookup's answer, or why there is none. */
export type Answer<Item> =
  | { readonly kind: 'answered'; readonly records: readonly Item[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** The lookups of one check. None ever rejects. */
export interface Lookups {
  /** Names in the form of dnsName. */
  cname(name: string): Promise<Answer<string>>
  addresses(name: string): Promise<Answer<string>>
  caa(name: string): Promise<Answer<CaaProperty>>
}

/**
 * For one check. An honest one takes 3 to 20, a chain of 10 CNAME records and a host of 20 labels included. A host of 118
 * labels whose parents all are aliases took 1,300.
 */
const maxLookups = 64

/** A DNS message of 65,535 bytes holds about 5,000 addresses; no host has as many, and each is shown to a person. */
const maxRecords = 1000

export function createLookups(resolver: DnsResolver, deadline: Deadline): Lookups {
  let left = maxLookups

  async function ask<Item>(
    lookup: () => Promise<readonly unknown[]>,
    read: (item: unknown) => Item | null,
  ): Promise<Answer<Item>> {
    if (left === 0) return { kind: 'failed', reason: `more than ${maxLookups} lookups` }
    left--
    try {
      return readRecords(await deadline.race(lookup), read)
    } catch (error) {
      return { kind: 'failed', reason: failureReason(error) }
    }
  }

  return {
    cname: (name) => ask(() => resolver.cname(name), readName),
    addresses: (name) => ask(() => resolver.addresses(name), readAddress),
    caa: (name) => ask(() => resolver.caa(name), readCaa),
  }
}

function readRecords<Item>(value: unknown, read: (item: unknown) => Item | null): Answer<Item> {
  if (!Array.isArray(value)) return { kind: 'failed', reason: 'no list of records' }
  if (value.length > maxRecords) return { kind: 'failed', reason: `more than ${maxRecords} records` }
  const records = Array.from(value, read)
  const known = records.filter((record) => record !== null)
  if (known.length < records.length) return { kind: 'failed', reason: 'a record that is none' }
  return { kind: 'answered', records: known }
}

function readName(item: unknown): string | null {
  return typeof item === 'string' ? dnsName(item) : null
}

/** An address is only shown and compared. */
const address = /^[0-9a-f:.]{2,45}$/i

function readAddress(item: unknown): string | null {
  return typeof item === 'string' && address.test(item) ? item.toLowerCase() : null
}

function readCaa(item: unknown): CaaProperty | null {
  if (typeof item !== 'object' || item === null) return null
  const { flags, tag, value } = item as Record<string, unknown>
  if (!Number.isInteger(flags) || (flags as number) < 0 || (flags as number) > 255) return null
  if (typeof tag !== 'string' || typeof value !== 'string') return null
  return { flags: flags as number, tag, value }
}
