export type { Activation, InactiveReason } from '../config/activation.ts'
export type { DomainConfig, RecordStatus, SigningKey, TrackingDomain } from '../config/domain-config.ts'
export type { ClickMode, OpenMode } from '../config/tracking-modes.ts'
export type { MailtraceErrorCode } from '../errors.ts'
export { MailtraceError } from '../errors.ts'
export type { SkipReason } from '../instrument/links/skip-reasons.ts'
export type { LinkOutcome } from '../instrument/outcomes.ts'
export type {
  InstrumentedText,
  PreparedText,
  TextLinkOutcome,
} from './instrument-text.ts'
export { instrumentText, prepareText } from './instrument-text.ts'
export { optedOutUrls } from './opted-out-urls.ts'
export type { PrepareTextOptions, TextMessageOptions, TextOptions } from './text-options.ts'
