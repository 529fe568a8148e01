export { MailtraceError, type MailtraceErrorCode } from '../errors.ts'
export type { Count, PeopleCount, Rate } from './count.ts'
export type { Actor, EngagementEvent } from './engagement-event.ts'
export { type JudgedEvent, judgeEvents } from './judge-events.ts'
export type { JudgeOptions, Network } from './judge-options.ts'
export type { EngagementLink } from './link-twins.ts'
export type { Reason, RuleNumbers } from './rules.ts'
export {
  type EngagementSummary,
  type SummaryOptions,
  summarizeEngagement,
  type TrackedMessages,
} from './summarize-engagement.ts'
export type { LinkSummary } from './summarize-links.ts'
