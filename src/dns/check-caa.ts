import { quote } from '../errors.ts'
import { type CertificateAuthority, judgeCaa } from './caa-policy.ts'
import { followCnames } from './cname-chain.ts'
import type { DnsRecord } from './dns-record.ts'
import type { Finding } from './finding.ts'
import type { Lookups } from './lookups.ts'
import type { CaaProperty } from './resolver.ts'

/**
 * Checks whether an authority may issue the host's certificate once its CNAME record is published: both records can
 * then be added in one go. Climbs as RFC 8659 section 3 says: the set at the host, which is the one where its CNAME
 * leads, then those of its parents up to the top-level label; the first that is not empty counts.
 */
export async function checkCaa(
  host: string,
  target: string,
  authority: CertificateAuthority,
  lookups: Lookups,
): Promise<readonly Finding[]> {
  for (const start of [target, ...parents(host)]) {
    const path = await followCnames(start, lookups)
    if (path.kind === 'failed') return [lookupFailed(path.name, path.reason)]
    if (path.kind === 'loop') return [lookupFailed(start, 'CNAME loop')]
    if (path.kind === 'odd') return [lookupFailed(start, 'it leads to a name that no host has')]
    // No record can stand beside a CNAME (RFC 1034 section 3.6.2). The ones that were found stand where it leads, and that is
    // where others are added or removed.
    const name = path.chain.at(-1) ?? start
    const answer = await lookups.caa(name)
    if (answer.kind === 'failed') return [lookupFailed(name, answer.reason)]
    if (answer.records.length > 0) {
      return describe(host, name, start === target ? 'operator' : 'domain-owner', answer.records, authority)
    }
  }
  return []
}

/** `example.com` and `com` for `links.example.com`. */
function parents(host: string): string[] {
  const labels = host.split('.')
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'))
}

function describe(
  host: string,
  name: string,
  fixedBy: 'domain-owner' | 'operator',
  set: readonly CaaProperty[],
  authority: CertificateAuthority,
): Finding[] {
  const verdict = judgeCaa(set, authority)
  if (verdict.kind === 'allowed') return []
  const [issuer] = authority.names
  const record: DnsRecord = { name, type: 'CAA', value: `0 issue "${issuer}"` }
  const who = fixedBy === 'operator' ? 'the operator of the tracking target has to' : 'please'
  const add = `add the CAA record ${name} ${record.value}`
  if (verdict.kind === 'critical') {
    const message = `the critical CAA property ${quote(verdict.tag)} at ${name} forbids a certificate for ${host} to every authority that does not know it: ${who} remove it`
    return [{ kind: 'caa-forbids', message, name, fixedBy, record: null }]
  }
  if (verdict.kind === 'unclear') {
    const message = `the CAA records at ${name} allow ${issuer} a certificate for ${host} under ${quote(verdict.parameter)} only: unless that fits, ${who} ${add}`
    return [{ kind: 'caa-unclear', message, name, fixedBy, record }]
  }
  const message = `the CAA records at ${name} forbid ${issuer} a certificate for ${host}: ${who} ${add}`
  return [{ kind: 'caa-forbids', message, name, fixedBy, record }]
}

function lookupFailed(name: string, reason: string): Finding {
  const message = `the CAA records of ${name} could not be looked up (${reason}): an authority may refuse a certificate until they can be`
  return { kind: 'caa-lookup-failed', message, name, reason }
}
