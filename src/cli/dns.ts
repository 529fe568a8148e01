// Owns `mailtrace dns`: which records to publish, whether they are there, what to fix; with --write, what follows for the
// configuration. It decides nothing itself: the findings and the statuses come from the library.

import type { DomainConfig, RecordStatus } from '../config.ts'
import {
  type DnsResolver,
  expectedRecords,
  nodeResolver,
  type Verification,
  verifyTrackingDomain,
} from '../dns/index.ts'
import { applyVerification, trackingRecords } from '../domains/index.ts'
import { noPositionals, parseArguments } from './arguments.ts'
import { formatDnsReport, type HostCheck, missingRecords } from './dns-report.ts'
import { failure } from './failure.ts'
import { readDomain } from './input.ts'
import { note, print, printJson, writeFileAtomically } from './output.ts'

export async function dns(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments(args, {
    domain: { type: 'string' },
    write: { type: 'boolean' },
    json: { type: 'boolean' },
    resolver: { type: 'string' },
    ca: { type: 'string' },
    probe: { type: 'boolean' },
  })
  noPositionals(positionals)
  const resolver = createResolver(values.resolver)
  const domain = await readDomain(values.domain)
  if (domain.trackingDomains.length === 0) throw failure(`${domain.name} has no tracking domain: nothing to publish`)

  const verifications = await Promise.all(
    domain.trackingDomains.map(({ host }) =>
      verifyTrackingDomain(domain, host, {
        resolver,
        ...(values.ca !== undefined && { certificateAuthority: { names: [values.ca] } }),
        ...(values.probe && { probe: fetch }),
      }),
    ),
  )
  // Asking took time: what was written to the file meanwhile must not be lost.
  const latest = values.write ? await readDomain(values.domain) : domain
  const outcome = applyAll(latest, verifications)
  const checks = verifications.map(
    (verification): HostCheck => ({
      ...verification,
      before: statusOf(domain, verification.host),
      after: statusOf(outcome, verification.host),
    }),
  )

  const records = [...expectedRecords(domain), ...missingRecords(checks)]
  if (values.json) await printJson({ checks, records })
  else await print(formatDnsReport(outcome, checks, records, values.probe === true))
  if (values.write) {
    await writeFileAtomically(values.domain!, `${JSON.stringify(outcome, null, 2)}\n`)
    note(`${values.domain} is up to date`)
  }
  if (checks.some((check) => check.outcome !== 'verified')) process.exitCode = 1
}

function applyAll(domain: DomainConfig, verifications: readonly Verification[]): DomainConfig {
  const now = Date.now()
  return verifications.reduce((result, { host, outcome }) => applyVerification(result, host, outcome, { now }), domain)
}

const statusOf = (domain: DomainConfig, host: string): RecordStatus =>
  trackingRecords(domain).find(({ name }) => name === host)!.status

function createResolver(server: string | undefined): DnsResolver {
  try {
    return nodeResolver(server === undefined ? {} : { servers: [server] })
  } catch {
    throw failure(`--resolver is ${JSON.stringify(server)}: use an IP address, with a port like 127.0.0.1:5353`, 2)
  }
}
