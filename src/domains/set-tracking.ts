// Owns the domain's own switches for open and click tracking.

import { checkFields, invalidOption } from '../checks.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'

/**
 * Switches open and click tracking on or off; a switch that is not given stays as it is. Sent links go on working.
 *
 * @throws {MailtraceError} `invalid-config`, `invalid-options`.
 */
export function setTracking(
  domain: DomainConfig,
  switches: { readonly openTracking?: boolean; readonly clickTracking?: boolean },
): DomainConfig {
  checkDomain(domain)
  checkFields(switches, ['openTracking', 'clickTracking'])
  const { openTracking = domain.openTracking, clickTracking = domain.clickTracking } = switches
  for (const [field, value] of Object.entries({ openTracking, clickTracking })) {
    if (typeof value !== 'boolean') throw invalidOption(`${field} is ${quote(value)}: use true or false`)
  }
  return { ...domain, openTracking, clickTracking }
}
