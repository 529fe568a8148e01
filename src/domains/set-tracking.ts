import { optionChecks } from '../checks.ts'
import { checkSwitches, switchFields, type TrackingSwitches } from '../config/activation.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'

/**
 * Switches a domain's own open and click tracking, to a mode, on or off. What is not given stays as it is. Sent links go on
 * working.
 *
 * @throws {MailtraceError} `invalid-config`, `invalid-options`.
 *
 * @example
 * import { setTracking } from 'mailtrace/domains'
 *
 * const domain = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] }
 * const changed = setTracking(domain, { openTracking: 'anonymous' })
 * console.log(changed.openTracking, changed.clickTracking) // anonymous true
 */
export function setTracking(domain: DomainConfig, switches: TrackingSwitches): DomainConfig {
  checkDomain(domain)
  optionChecks.object(switches, 'options', switchFields)
  checkSwitches(switches)
  const { openTracking = domain.openTracking, clickTracking = domain.clickTracking } = switches
  return { ...domain, openTracking, clickTracking }
}
