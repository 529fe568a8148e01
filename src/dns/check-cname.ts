// What DNS could not say for certain must never count against a record.

import { type CnameChain, followCnames } from './cname-chain.ts'
import { isUnescapedName } from './dns-name.ts'
import type { DnsRecord } from './dns-record.ts'
import type { Finding } from './finding.ts'
import type { Answer, Lookups } from './lookups.ts'

/** What was found at the host. */
export interface CnameCheck {
  readonly chain: readonly string[]
  readonly findings: readonly Finding[]
}

/** A name beside the host that nobody publishes: only a wildcard record (RFC 4592) answers for it. */
const unpublishedLabel = 'mailtrace-wildcard-check'

/** At most as many addresses are named in a message. */
const maxShownAddresses = 4

/** Checks that a host's CNAME record leads to the target. Both names are in the form of dnsName. */
export async function checkCname(host: string, target: string, lookups: Lookups): Promise<CnameCheck> {
  const record: DnsRecord = { name: host, type: 'CNAME', value: target }
  const path = await followCnames(host, lookups, target)
  const { chain } = path
  if (path.kind === 'failed') {
    const { name, reason } = path
    const message = `the CNAME record of ${name} could not be looked up (${reason}): check again later`
    return { chain, findings: [{ kind: 'lookup-failed', message, name, reason }] }
  }
  if (chain.length === 0) return { chain, findings: await withoutCname(record, lookups) }
  const wildcard = await findWildcard(host, chain[0]!, lookups.cname)
  return {
    chain,
    findings: [...(path.kind === 'target' ? describeDetour(host, chain) : [describeMiss(record, path)]), ...wildcard],
  }
}

function describeDetour(host: string, chain: readonly string[]): Finding[] {
  if (chain.length === 1) return []
  const message = `${host} reaches its target by way of ${chain.slice(0, -1).join(', ')}: it works for as long as each of these does, so point it straight at ${chain.at(-1)}`
  return [{ kind: 'chain', message, chain }]
}

function describeMiss(record: DnsRecord, path: CnameChain): Finding {
  const { name, value } = record
  const { chain } = path
  const found = chain.join(', then ')
  if (path.kind === 'loop') {
    return { kind: 'loop', message: `${name} leads to ${found} without end: ${advice(record)}`, chain, record }
  }
  // A zone file takes a name without trailing dot as relative and appends the zone to it.
  const isAppended = isUnescapedName(chain[0]!) && chain[0]!.startsWith(`${value}.`)
  const hint = isAppended ? ' with a dot at its end, as the zone was appended to it' : ''
  return {
    kind: 'points-elsewhere',
    message: `${name} points at ${found}: ${advice(record)}${hint}`,
    chain,
    record,
  }
}

/** There is no CNAME record: says what stands there instead. */
async function withoutCname(record: DnsRecord, lookups: Lookups): Promise<Finding[]> {
  const { name, value } = record
  const addresses = recordsOf(await lookups.addresses(name))
  if (addresses.length === 0) {
    return [{ kind: 'not-found', message: `${name} has no CNAME record: ${advice(record)}`, record }]
  }
  const targetAddresses = recordsOf(await lookups.addresses(value))
  const wildcard = await findWildcard(name, addresses[0]!, lookups.addresses)
  if (addresses.some((address) => targetAddresses.includes(address))) {
    const message = `${name} carries the addresses of ${value} instead of a CNAME record: have the DNS provider publish the record itself, without flattening (ALIAS, ANAME) or proxy`
    return [{ kind: 'flattened-cname', message, addresses, record }, ...wildcard]
  }
  const more = addresses.length - maxShownAddresses
  const shown = addresses.slice(0, maxShownAddresses).join(', ') + (more > 0 ? ` and ${more} more` : '')
  const message = `${name} has the addresses ${shown} where a CNAME record must be: remove its A and AAAA records, switch off any proxy, and ${advice(record)}`
  return [{ kind: 'address-record', message, addresses, record }, ...wildcard]
}

const advice = ({ name, value }: DnsRecord): string => `publish the CNAME record ${name} -> ${value}`

/** If a name that nobody publishes has the same answer, a wildcard gives it. */
async function findWildcard(
  host: string,
  answer: string,
  lookup: (name: string) => Promise<Answer<string>>,
): Promise<Finding[]> {
  const parent = host.slice(host.indexOf('.') + 1)
  if (!recordsOf(await lookup(`${unpublishedLabel}.${parent}`)).includes(answer)) return []
  const name = `*.${parent}`
  const message = `a wildcard record answers for ${host}, as for any name under ${parent}: publish a record for ${host} alone, so that a change of ${name} breaks no sent links`
  return [{ kind: 'wildcard', message, name }]
}

/** For lookups that only make a message better. One that fails counts as an empty answer. */
const recordsOf = (answer: Answer<string>): readonly string[] => (answer.kind === 'answered' ? answer.records : [])
