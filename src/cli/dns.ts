// Owns `mailtrace dns`: which records to publish, whether they are there, what to fix; with --write, what follows for the
// configuration. It decides nothing itself: the findings and the statuses come from the library.

import type { DomainConfig, RecordStatus } from '../config/domain-config.ts'
import {
  type DnsRecord,
  type DnsResolver,
  nodeResolver,
  type Verification,
  type VerifyOptions,
  verifyTrackingDomain,
} from '../dns/index.ts'
import { applyVerification, trackingRecords } from '../domains/index.ts'
import { MailtraceError, type MailtraceErrorCode } from '../errors.ts'
import { noPositionals, parseArguments } from './arguments.ts'
import { formatDnsReport, type HostCheck, missingRecords, type SkippedHost } from './dns-report.ts'
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

  const options: VerifyOptions = {
    resolver,
    ...(values.ca !== undefined && { certificateAuthority: { names: [values.ca] } }),
    ...(values.probe && { probe: fetch }),
  }
  const results = await Promise.all(trackingRecords(domain).map(({ name }) => checkHost(domain, name, options)))
  const verifications = results.filter((result) => 'outcome' in result)
  const skipped = results.filter((result) => 'reason' in result)
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

  const expected = checks.map(({ host, cnameTarget }): DnsRecord => ({ name: host, type: 'CNAME', value: cnameTarget }))
  const records = [...expected, ...missingRecords(checks)]
  if (values.json) await printJson({ checks, skipped, records })
  else await print(formatDnsReport(outcome, checks, skipped, records, values.probe === true))
  if (values.write) {
    await writeFileAtomically(values.domain!, `${JSON.stringify(outcome, null, 2)}\n`)
    note(`${values.domain} is up to date`)
  }
  const isDone = ({ outcome }: HostCheck): boolean => outcome === 'verified'
  if (!checks.every(isDone) || skipped.some(({ reason }) => reason === 'no-target')) process.exitCode = 1
}

/** One host that cannot be checked must not keep the others from it. */
async function checkHost(
  domain: DomainConfig,
  host: string,
  options: VerifyOptions,
): Promise<Verification | SkippedHost> {
  try {
    return await verifyTrackingDomain(domain, host, options)
  } catch (error) {
    const reason = error instanceof MailtraceError ? skipReasons[error.code] : undefined
    if (reason === undefined) throw error
    return { host, status: statusOf(domain, host), reason, message: (error as MailtraceError).message }
  }
}

/** What the library refuses about a host of a configuration that is right as a whole. */
const skipReasons: Partial<Record<MailtraceErrorCode, SkippedHost['reason']>> = {
  'invalid-host': 'local',
  'invalid-config': 'no-target',
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
