import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { MailtraceError } from '../errors.ts'

/**
 * Reads a domain that was stored as JSON: the text, or the value that a JSON column gives. The functions of this entry
 * write plain data, so `JSON.stringify(domain)` stores it, as long as its secrets are strings.
 *
 * @throws {MailtraceError} `invalid-config`, naming the field.
 *
 * @example
 * import { parseDomainConfig } from 'mailtrace/domains'
 *
 * const domain = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] }
 * console.log(parseDomainConfig(JSON.stringify(domain)).name) // example.com
 */
export function parseDomainConfig(stored: unknown): DomainConfig {
  const domain = typeof stored === 'string' ? parseJson(stored) : stored
  checkDomain(domain as DomainConfig)
  return domain as DomainConfig
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and with it perhaps a secret.
    throw new MailtraceError('invalid-config', 'domain is no JSON: store what JSON.stringify gives')
  }
}
