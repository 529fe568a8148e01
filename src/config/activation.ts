// Owns when tracking is active, and the reason when it is not.

import { checkFields, invalidOption } from '../checks.ts'
import { quote } from '../errors.ts'
import { activeHost } from './active-host.ts'
import { type CheckedDomain, checkDomain, type DomainConfig } from './domain-config.ts'

/** A message's own switches. They only switch off: `true` and absence both mean "as the domain says". */
export interface TrackingSwitches {
  /** Default: as the domain says. */
  readonly openTracking?: boolean
  /** Default: as the domain says. */
  readonly clickTracking?: boolean
}

export const switchFields: readonly string[] = ['openTracking', 'clickTracking']

/** Why nothing is tracked; the first that holds, in this order. */
export type InactiveReason = 'tracking-disabled' | 'no-tracking-domain' | 'cname-unverified'

/** Whether mail of a domain is tracked now, and through which host. */
export type Activation =
  | {
      readonly active: true
      /** The newest tracking domain whose CNAME record is verified. */
      readonly host: string
      readonly open: boolean
      readonly click: boolean
    }
  | { readonly active: false; readonly reason: InactiveReason }

/**
 * Says whether mail of this domain would be tracked now, and if not, which condition failed: open or click tracking is
 * enabled, a tracking domain is configured, its CNAME record is verified.
 *
 * @throws {MailtraceError} `invalid-config` or `invalid-options`; the message names the field.
 */
export function trackingActivation(domain: DomainConfig, options: TrackingSwitches = {}): Activation {
  checkFields(options, switchFields)
  return activate(checkDomain(domain), checkSwitches(options))
}

/** The switches among the options of a call. */
export function checkSwitches(options: TrackingSwitches): Required<TrackingSwitches> {
  return {
    openTracking: checkSwitch(options.openTracking, 'openTracking'),
    clickTracking: checkSwitch(options.clickTracking, 'clickTracking'),
  }
}

function checkSwitch(value: boolean | undefined, field: string): boolean {
  if (value !== undefined && typeof value !== 'boolean')
    throw invalidOption(`${field} is ${quote(value)}: use true or false`)
  return value !== false
}

/** {@link trackingActivation} for the inside. */
export function activate(domain: CheckedDomain, switches: Required<TrackingSwitches>): Activation {
  const open = domain.openTracking && switches.openTracking
  const click = domain.clickTracking && switches.clickTracking
  if (!open && !click) return { active: false, reason: 'tracking-disabled' }
  if (domain.hosts.length === 0) return { active: false, reason: 'no-tracking-domain' }
  const host = activeHost(domain)
  return host ? { active: true, host: host.host, open, click } : { active: false, reason: 'cname-unverified' }
}
