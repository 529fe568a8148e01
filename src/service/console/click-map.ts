import type { DomainConfig } from '../../config/domain-config.ts'
import type { EngagementSummary } from '../../engagement/summarize-engagement.ts'
import type { LinkMark } from '../../inspection/framed-email.ts'
import { instrumentEmail } from '../../instrument/instrument-email.ts'
import { type SkipReason, skipReasons } from '../../instrument/links/skip-reasons.ts'
import { printable } from '../../printable.ts'
import type { MessageLink } from '../../store/message-link.ts'
import { formatMany } from './text/format.ts'

export interface ClickMapInput {
  /** As it was before it was instrumented. */
  readonly html: string
  /** The links that were tracked. */
  readonly links: readonly MessageLink[]
  readonly summary: Pick<EngagementSummary, 'links'>
  readonly domain: Pick<DomainConfig, 'name' | 'trackingDomains'>
  /** Whether this copy of the mail had its clicks tracked. */
  readonly isTracked: boolean
}

/** What is told at each link of an email, by its index: how many people followed it, or why nobody can say. */
export function markLinks({
  html,
  links,
  summary,
  domain,
  isTracked,
}: ClickMapInput): readonly (LinkMark | undefined)[] {
  const tracked = new Map(links.filter(({ part }) => part === 'html').map((link) => [link.index, link]))
  const clicks = new Map(
    summary.links.flatMap((link) =>
      link.part === 'html' ? [link.index, ...link.twins].map((index) => [index, link]) : [],
    ) as [number, EngagementSummary['links'][number]][],
  )
  const marks: (LinkMark | undefined)[] = []
  for (const [index, reason] of findSkipReasons(html, domain)) {
    const link = isTracked ? tracked.get(index) : undefined
    marks[index] =
      link === undefined
        ? { tone: 'skipped', label: `${index}`, title: `Link ${index}, not tracked: ${isTracked ? reason : offText}` }
        : countedMark(link, clicks.get(index)?.people.total ?? 0)
  }
  return marks
}

const countedMark = ({ index, destination }: MessageLink, people: number): LinkMark => ({
  tone: 'tracked',
  label: `${index}: ${formatMany(people, 'click')}`,
  title: `Link ${index}, ${formatMany(people, 'click')} by people: leads to ${printable(destination)}`,
})

/** Why each link is left alone, if it is: decided anew, as only tracked links are stored. */
function findSkipReasons(
  html: string,
  { name, trackingDomains }: ClickMapInput['domain'],
): readonly [number, string][] {
  const hosts = trackingDomains.map(({ host, scheme }) => ({ host, scheme, status: 'verified' as const }))
  const domain: DomainConfig = {
    name,
    openTracking: false,
    clickTracking: true,
    // Of reserved names (RFC 2606), where the domain is gone.
    trackingDomains: hosts.length > 0 ? hosts : [{ host: 'links.invalid', status: 'verified' }],
  }
  return instrumentEmail(html, domain).links.map((link) => [
    link.index,
    link.kind === 'skipped' ? skipReasons[link.reason as SkipReason] : callerText,
  ])
}

const offText = 'click tracking was off for this message'
const callerText = 'the sender’s settings for this mail left it alone'
