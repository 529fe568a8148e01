import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { type CheckedDomain, type CheckedHost, checkDomain, type DomainConfig } from './domain-config.ts'
import { type ClickMode, clickModes, lowerMode, type OpenMode, openModes } from './tracking-modes.ts'

/** How far a message or a recipient allows tracking. Each is a ceiling of its own: the lowest of all holds. */
export interface TrackingSwitches {
  /** `true`: as far as the domain allows. Default: `true` */
  readonly openTracking?: boolean | OpenMode | undefined
  /** `true`: as far as the domain allows. Default: `true` */
  readonly clickTracking?: boolean | ClickMode | undefined
}

/** {@link TrackingSwitches} once checked. */
export interface Ceilings {
  readonly openTracking: OpenMode | false
  readonly clickTracking: ClickMode | false
}

export const switchFields: readonly string[] = ['openTracking', 'clickTracking']

/** Why nothing is tracked, in this order: the first that holds is given. */
export const inactiveReasons = ['tracking-disabled', 'no-tracking-domain', 'cname-unverified'] as const
export type InactiveReason = (typeof inactiveReasons)[number]

/** Whether mail is tracked now, through which host and how far. */
export type Activation =
  | {
      readonly active: true
      /** The newest tracking domain whose CNAME record is verified. */
      readonly host: string
      readonly open: OpenMode | false
      readonly click: ClickMode | false
    }
  | { readonly active: false; readonly reason: InactiveReason }

/**
 * Says whether mail of this domain would be tracked now, and if not, which condition failed: open or click tracking is
 * enabled, a tracking domain is configured, its CNAME record is verified.
 *
 * @throws {MailtraceError} `invalid-config` or `invalid-options`; the message names the field.
 * @example
 * import { trackingActivation } from 'mailtrace'
 *
 * const domain = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] }
 * console.log(trackingActivation(domain)) // { active: false, reason: 'no-tracking-domain' }
 */
export function trackingActivation(domain: DomainConfig, options: TrackingSwitches = {}): Activation {
  optionChecks.object(options, 'options', switchFields)
  return activate(checkDomain(domain), [checkSwitches(options)])
}

/** The switches among the options of a call. */
export function checkSwitches({ openTracking, clickTracking }: TrackingSwitches): Ceilings {
  return {
    openTracking: checkSwitch(openTracking, 'openTracking', openModes),
    clickTracking: checkSwitch(clickTracking, 'clickTracking', clickModes),
  }
}

function checkSwitch<Mode extends OpenMode>(value: unknown, path: string, modes: readonly Mode[]): Mode | false {
  if (value === undefined || value === true) return modes[0]!
  if (value === false || modes.some((mode) => mode === value)) return value as Mode | false
  throw optionChecks.error(`${path} is ${quote(value)}: use true, false or one of ${modes.join(', ')}`)
}

/** {@link trackingActivation} for the inside, under any number of ceilings. */
export function activate(domain: CheckedDomain, ceilings: readonly Ceilings[]): Activation {
  let { openTracking: open, clickTracking: click } = domain
  for (const ceiling of ceilings) {
    open = lowerMode(open, ceiling.openTracking)
    click = lowerMode(click, ceiling.clickTracking)
  }
  if (open === false && click === false) return { active: false, reason: 'tracking-disabled' }
  if (domain.hosts.length === 0) return { active: false, reason: 'no-tracking-domain' }
  const host = activeHost(domain)
  return host ? { active: true, host: host.host, open, click } : { active: false, reason: 'cname-unverified' }
}

/** The newest tracking domain whose CNAME record is verified: it carries new links. */
export function activeHost(domain: CheckedDomain): CheckedHost | undefined {
  return domain.hosts.findLast((host) => host.status === 'verified')
}
