export type { Activation, InactiveReason, TrackingSwitches } from './activation.ts'
export { trackingActivation } from './activation.ts'
export type { DomainConfig, RecordStatus, SigningKey, TrackingDomain } from './config.ts'
export type { MailtraceErrorCode } from './errors.ts'
export { MailtraceError } from './errors.ts'
export type {
  InstrumentedEmail,
  InstrumentOptions,
  LinkElement,
  LinkOutcome,
  LinkSite,
  PixelOutcome,
  PreparedEmail,
  SkipReason,
} from './instrument.ts'
export { instrumentEmail, prepareEmail } from './instrument.ts'
export { readTrackingUrl } from './reference/read-tracking-url.ts'
export type { TrackingReference } from './reference/tracking-url.ts'
