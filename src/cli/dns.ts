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
import { type Command, defineCommand } from './command.ts'
import {
  formatDnsReport,
  type HostCheck,
  missingRecords,
  type SkippedHost,
  type UncheckableReason,
  uncheckableReasons,
} from './dns-report.ts'
import { failure } from './failure.ts'
import { readDomain } from './input.ts'
import { note, print, printJson } from './terminal.ts'
import { writeFileAtomically } from './write-file.ts'

export const dns: Command = defineCommand({
  name: 'dns',
  summary:
    'Says which DNS records to publish, looks whether they are there, and what to fix. Ends with 1 while a record is not verified, so it works in cron and CI.',
  options: {
    domain: { type: 'string', value: 'FILE', required: true, text: "the sending domain's configuration, as JSON" },
    write: { type: 'boolean', text: 'puts the outcome into the configuration' },
    resolver: { type: 'string', value: 'IP[:PORT]', text: "the DNS server to ask (default: the system's)" },
    ca: {
      type: 'string',
      value: 'NAME',
      text: 'who issues the certificates, like letsencrypt.org; looks for CAA records that forbid it',
    },
    probe: { type: 'boolean', text: 'also wants an answer from the tracking host over TLS' },
    json: { type: 'boolean', text: 'the result as JSON' },
  },
  run: async (values) => {
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
    // Asking took time. What was written to the file meanwhile must not be lost.
    const latest = values.write ? await readDomain(values.domain) : domain
    const outcome = applyAll(latest, verifications)
    const checks = verifications.map(
      (verification): HostCheck => ({
        ...verification,
        before: statusOf(domain, verification.host),
        after: statusOf(outcome, verification.host),
      }),
    )

    const expected = checks.map(
      ({ host, cnameTarget }): DnsRecord => ({ name: host, type: 'CNAME', value: cnameTarget }),
    )
    const records = [...expected, ...missingRecords(checks)]
    if (values.json) await printJson({ checks, skipped, records })
    else await print(formatDnsReport(outcome, checks, skipped, records, values.probe))
    if (values.write) await writeOutcome(values.domain, latest, outcome)
    const isDone = ({ outcome }: HostCheck): boolean => outcome === 'verified'
    if (!checks.every(isDone) || skipped.some(({ reason }) => reason === 'no-target')) process.exitCode = 1
  },
})

/** Says what was changed, and writes nothing where nothing was. */
async function writeOutcome(file: string, before: DomainConfig, after: DomainConfig): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return note(`${file} is up to date`)
  await writeFileAtomically(file, `${JSON.stringify(after, null, 2)}\n`)
  const changes = after.trackingDomains.flatMap(({ host, status }, index) => {
    const former = before.trackingDomains[index]?.status
    return status === former ? [] : [`${host} was ${former} and is ${status}`]
  })
  note(`${file} is updated: ${changes.join(', ') || 'no status changed, the time of the check did'}`)
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
    const reason = error instanceof MailtraceError ? reasonsByCode.get(error.code) : undefined
    if (reason === undefined) throw error
    return { host, status: statusOf(domain, host), reason, message: (error as MailtraceError).message }
  }
}

const reasonsByCode: ReadonlyMap<MailtraceErrorCode, UncheckableReason> = new Map(
  Object.entries(uncheckableReasons).map(([reason, code]) => [code, reason as UncheckableReason]),
)

function applyAll(domain: DomainConfig, verifications: readonly Verification[]): DomainConfig {
  const now = Date.now()
  return verifications.reduce((result, { host, outcome }) => applyVerification(result, host, outcome, { now }), domain)
}

const statusOf = (domain: DomainConfig, host: string): RecordStatus =>
  trackingRecords(domain).find(({ name }) => name === host)!.status

export function createResolver(server: string | undefined): DnsResolver {
  try {
    return nodeResolver(server === undefined ? {} : { servers: [server] })
  } catch {
    throw failure(`--resolver is ${JSON.stringify(server)}: use an IP address, with a port like 127.0.0.1:5353`, 2)
  }
}
