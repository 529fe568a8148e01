import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { prepareCopies } from '../instrument/copies.ts'
import { spliceBytes } from '../instrument/splice.ts'
import { instrumentParts } from './instrument-parts.ts'
import { checkInstrumentMessageOptions, type InstrumentMessageOptions } from './message-options.ts'
import type { InstrumentedMessage } from './message-outcomes.ts'

/**
 * Instruments a whole message (RFC 5322), as SES takes it raw or an archive keeps it: its HTML parts at any depth, and its plain
 * text on request. Every byte outside of what the outcomes name stays as it was, and every part has an outcome.
 *
 * A message or part is left alone, with a reason, if it is signed, encrypted or DKIM-signed, or if two mail readers could
 * read it in two ways. Where nothing is to be done, the identical array comes back. Odd messages never throw.
 *
 * @param raw is neither kept nor changed.
 * @throws {TypeError} if `raw` is no `Uint8Array`.
 * @throws {MailtraceError} `invalid-config`, `invalid-options` or `invalid-message-ref`; the message names the field.
 * @see https://www.rfc-editor.org/rfc/rfc2045
 * @example
 * import { defineDomain } from 'mailtrace'
 * import { instrumentMessage } from 'mailtrace/message'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const raw = new TextEncoder().encode('Subject: Hi\r\nContent-Type: text/html\r\n\r\n<a href="https://example.org/">x</a>\r\n')
 * const { message, parts } = instrumentMessage(raw, domain)
 * console.log(message.length > raw.length, parts[0]?.path, parts[0]?.kind) // true 1 instrumented
 */
export function instrumentMessage(
  raw: Uint8Array,
  domain: DomainConfig,
  options: InstrumentMessageOptions = {},
): InstrumentedMessage {
  if (!(raw instanceof Uint8Array)) {
    throw new TypeError(`raw is ${quote(raw)}: pass the whole message as a Uint8Array`)
  }
  const checked = checkDomain(domain)
  const { email, message, withText, breaksDkim } = checkInstrumentMessageOptions(options, checked)
  const rules = { domain: checked, email, withText, breaksDkim }
  return prepareCopies<InstrumentedMessage>(checked, email, {
    leaveAlone: (activation, issuedAt) => ({ message: raw, activation, messageRef: null, issuedAt, parts: [] }),
    share: (copy) => copy,
    prepare: (_, mintFor) => (activation, recipient) => {
      const { edits, namesRecipient, parts } = instrumentParts(raw, rules, activation, recipient, mintFor)
      const instrumented = edits.length === 0 ? raw : spliceBytes(raw, edits)
      return {
        message: instrumented,
        activation,
        messageRef: namesRecipient ? recipient.ref : null,
        issuedAt: recipient.issuedAt,
        parts,
      }
    },
  })(message)
}
