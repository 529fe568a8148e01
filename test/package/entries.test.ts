import { describe, expect, it } from 'vitest'
import { entries, type Node, sourceFiles } from './source-files.ts'

/** Everything that each entry exports; a change here is a change of the public surface. */
const surface: Record<string, { values: string[]; types: string[] }> = {
  '.': {
    values: [
      'MailtraceError',
      'addLinkParameters',
      'defineDomain',
      'instrumentEmail',
      'prepareEmail',
      'readTrackingUrl',
      'trackingActivation',
      'untrackEmail',
    ],
    types: [
      'Activation',
      'ClickMode',
      'DomainConfig',
      'ExtendedEmail',
      'InactiveReason',
      'InstrumentOptions',
      'InstrumentedEmail',
      'LinkElement',
      'LinkOutcome',
      'LinkSite',
      'MailtraceErrorCode',
      'MessageOptions',
      'NoPixelReason',
      'OpenMode',
      'ParameterOutcome',
      'PixelOutcome',
      'PrepareOptions',
      'PreparedEmail',
      'RecordStatus',
      'SigningKey',
      'SkipReason',
      'StoredLink',
      'TrackingDomain',
      'TrackingReference',
      'TrackingSwitches',
      'UntrackOptions',
      'UntrackedEmail',
      'UntrackedLink',
    ],
  },
  './text': {
    values: ['MailtraceError', 'instrumentText', 'optedOutUrls', 'prepareText'],
    types: [
      'Activation',
      'ClickMode',
      'DomainConfig',
      'InactiveReason',
      'InstrumentedText',
      'LinkOutcome',
      'MailtraceErrorCode',
      'OpenMode',
      'PrepareTextOptions',
      'PreparedText',
      'RecordStatus',
      'SigningKey',
      'SkipReason',
      'TextLinkOutcome',
      'TextMessageOptions',
      'TextOptions',
      'TrackingDomain',
    ],
  },
  './message': {
    values: ['MailtraceError', 'instrumentMessage'],
    types: [
      'Activation',
      'ClickMode',
      'DomainConfig',
      'InactiveReason',
      'InstrumentMessageOptions',
      'InstrumentedMessage',
      'LinkElement',
      'LinkOutcome',
      'LinkSite',
      'MailtraceErrorCode',
      'NoPixelReason',
      'OpenMode',
      'PartOutcome',
      'PartReason',
      'PixelOutcome',
      'RecordStatus',
      'SigningKey',
      'SkipReason',
      'TextLinkOutcome',
      'TrackingDomain',
    ],
  },
  './nodemailer': {
    values: ['MailtraceError', 'mailtrace'],
    types: [
      'Activation',
      'ClickMode',
      'CompilePlugin',
      'CompilingMail',
      'DomainConfig',
      'InactiveReason',
      'InstrumentedMail',
      'LinkElement',
      'LinkOutcome',
      'LinkSite',
      'MailData',
      'MailOutcome',
      'MailTracking',
      'MailtraceErrorCode',
      'NoPixelReason',
      'OpenMode',
      'PartOutcome',
      'PartReason',
      'PixelOutcome',
      'PluginFailure',
      'PluginFailureSource',
      'PluginOptions',
      'RecipientModes',
      'RecordStatus',
      'SigningKey',
      'SkipReason',
      'TextLinkOutcome',
      'TrackingDomain',
      'UntouchedMail',
      'UntouchedReason',
    ],
  },
  './receiver': {
    values: [
      'MailtraceError',
      'createBatchingSink',
      'createNodeListener',
      'createReceiver',
      'createTlsAsk',
      'createWebhookSink',
      'forwardedAddress',
      'forwardedHost',
      'headerAddress',
      'truncateAddress',
    ],
    types: [
      'BatchingSink',
      'BatchingSinkOptions',
      'ClickEvent',
      'ClickMode',
      'Contexts',
      'DomainConfig',
      'DomainLookup',
      'FailureSource',
      'MailtraceErrorCode',
      'Miss',
      'MissReason',
      'NodeRequest',
      'NodeResponse',
      'OpenEvent',
      'OpenMode',
      'ReadAddress',
      'ReadHost',
      'Receiver',
      'ReceiverAnswer',
      'ReceiverContext',
      'ReceiverFailure',
      'ReceiverOptions',
      'RecordStatus',
      'ReferenceQuery',
      'RequestHead',
      'ResendMessage',
      'Signal',
      'SigningKey',
      'StoredReference',
      'TlsAsk',
      'TlsAskOptions',
      'TrackingDomain',
      'TrackingEvent',
      'WebhookFormat',
      'WebhookSinkOptions',
    ],
  },
  './engagement': {
    values: ['MailtraceError', 'judgeEvents', 'summarizeEngagement'],
    types: [
      'Actor',
      'Count',
      'EngagementEvent',
      'EngagementLink',
      'EngagementSummary',
      'JudgeOptions',
      'JudgedEvent',
      'LinkSummary',
      'MailtraceErrorCode',
      'Network',
      'PeopleCount',
      'Rate',
      'Reason',
      'RuleNumbers',
      'SummaryOptions',
      'TrackedMessages',
    ],
  },
  './domains': {
    values: [
      'MailtraceError',
      'applyVerification',
      'changeAllowedAt',
      'configureTrackingDomain',
      'domainFromResend',
      'parseDomainConfig',
      'removalImpact',
      'setTracking',
      'trackingRecords',
      'verificationOutcomes',
    ],
    types: [
      'ClickMode',
      'ConfigureOptions',
      'DomainConfig',
      'MailtraceErrorCode',
      'OpenMode',
      'RecordStatus',
      'RemovalImpact',
      'SigningKey',
      'StrandedHost',
      'TrackingDomain',
      'TrackingRecord',
      'TrackingSwitches',
      'VerificationOutcome',
    ],
  },
  './dns': {
    values: [
      'MailtraceError',
      'expectedRecords',
      'findingKinds',
      'httpsResolver',
      'nodeProbe',
      'nodeResolver',
      'verifyTrackingDomain',
      'zoneSnippet',
    ],
    types: [
      'CaaProperty',
      'CertificateAuthority',
      'ClickMode',
      'DnsRecord',
      'DnsResolver',
      'DomainConfig',
      'Finding',
      'FindingKind',
      'HttpsResolverOptions',
      'MailtraceErrorCode',
      'NodeProbeOptions',
      'NodeResolverOptions',
      'OpenMode',
      'Probe',
      'RecordStatus',
      'SigningKey',
      'TrackingDomain',
      'Verification',
      'VerificationOutcome',
      'VerifyOptions',
    ],
  },
  './testing': {
    values: ['MailtraceError', 'checkFidelity', 'violationKinds'],
    types: [
      'ClickMode',
      'DomainConfig',
      'MailtraceErrorCode',
      'OpenMode',
      'RecordStatus',
      'SigningKey',
      'TextRange',
      'TrackingDomain',
      'Violation',
      'ViolationKind',
    ],
  },
}

interface Exported {
  readonly values: string[]
  readonly types: string[]
}

function exportsOf(path: string): Exported {
  const exported: Exported = { values: [], types: [] }
  for (const statement of sourceFiles.get(path)!.body) {
    for (const specifier of (statement.specifiers ?? []) as readonly Node[]) {
      const isType = statement.exportKind === 'type' || specifier.exportKind === 'type'
      exported[isType ? 'types' : 'values'].push((specifier.exported as { name: string }).name)
    }
  }
  exported.values.sort()
  exported.types.sort()
  return exported
}

it('every entry is listed here', () => {
  expect(entries.map(([subpath]) => subpath)).toEqual(Object.keys(surface))
})

describe.each(entries)('%s', (subpath, path) => {
  it('only re-exports, each name by hand', () => {
    const others = sourceFiles
      .get(path)!
      .body.filter(({ type, source }) => type !== 'ExportNamedDeclaration' || !source)
    expect(others.map(({ type }) => type)).toEqual([])
  })

  it('exports what is listed', () => {
    expect(exportsOf(path)).toEqual(surface[subpath])
  })

  it('exports at run time what it says', async () => {
    const module: object = await import(/* @vite-ignore */ `../../${path}`)
    expect(Object.keys(module).sort()).toEqual(exportsOf(path).values)
  })
})
