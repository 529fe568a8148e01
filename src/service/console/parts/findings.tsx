import type { DnsRecord } from '../../../dns/dns-record.ts'
import { type Finding, findingKinds } from '../../../dns/finding.ts'
import type { VerificationOutcome } from '../../../domains/apply-verification.ts'
import type { Html } from '../../hono.ts'
import type { Tone } from '../text/status-texts.ts'
import { Copied, Foreign } from './small.tsx'

const tones: Readonly<Record<VerificationOutcome, Tone>> = {
  verified: 'good',
  'not-verified': 'bad',
  'not-ready': 'warn',
  inconclusive: 'warn',
}

const toneOf = (kind: Finding['kind']): Tone => {
  const { outcome } = findingKinds[kind]
  return outcome === null ? 'neutral' : tones[outcome]
}

/** What a check found, and what to do about it. */
export const Findings = ({
  findings,
  host,
}: {
  readonly findings: readonly Finding[]
  readonly host: string
}): Html => (
  <ul class="findings more" aria-label={`What was found for ${host}`}>
    {findings.map((finding) => (
      <li class={`notice ${toneOf(finding.kind)}`}>
        <p class="strong">{sentence(findingKinds[finding.kind].meaning)}</p>
        <p>
          <Foreign text={sentence(finding.message)} longest={1000} />
        </p>
        {'record' in finding && finding.record !== null && finding.record.type !== 'CNAME' ? (
          <RecordToAdd record={finding.record} />
        ) : null}
      </li>
    ))}
  </ul>
)

/** The CNAME record stands above; what else is to be added stands here. */
const RecordToAdd = ({ record: { name, type, value } }: { readonly record: DnsRecord }): Html => (
  <dl class="facts">
    <dt>Add</dt>
    <dd class="mono">{type}</dd>
    <dt>Name</dt>
    <dd>
      <Copied text={name} what={`the name of the ${type} record`} />
    </dd>
    <dt>Value</dt>
    <dd>
      <Copied text={value} what={`the value of the ${type} record`} />
    </dd>
  </dl>
)

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
