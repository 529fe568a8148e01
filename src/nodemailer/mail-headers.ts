import { hostText } from '../config/host.ts'
import { parseUrl } from '../url.ts'
import { readAddresses } from './addresses.ts'
import type { MailData } from './plugin-options.ts'

/** The domain of the From address in lower-case A-labels; `null` where there is none. */
export function readFromDomain(message: MailData): string | null {
  const [address] = readAddresses(headerValues(message, 'from')) ?? []
  return address === undefined ? null : hostText(address.slice(address.indexOf('@') + 1))
}

/**
 * Whom a message goes to, each once. SMTP uses the envelope where there is one; providers' APIs use To, Cc and Bcc. Here both
 * count. `null` where one cannot be read for certain.
 */
export function readRecipients(message: MailData): readonly string[] | null {
  const { envelope } = message
  const fields = ['to', 'cc', 'bcc']
  const enveloped = isRecord(envelope) ? fields.map((name) => envelope[name]) : []
  const recipients = readAddresses([...fields.map((name) => headerValues(message, name)), ...enveloped])
  return recipients && [...new Set(recipients)]
}

/** The URLs of the message's List-Unsubscribe header, as nodemailer writes it from `list` and `headers`. */
export function readUnsubscribeUrls(message: MailData): readonly string[] {
  const { list } = message
  const listed = isRecord(list) ? valuesOf(Object.entries(list), 'unsubscribe') : []
  const own = listed.flat(Infinity).map((item) => (isRecord(item) ? item.url : item))
  const written = headerValues(message, 'list-unsubscribe').flatMap((text) => {
    const bracketed = [...`${text}`.matchAll(/<([^<>]*)>/g)].map(([, url]) => url)
    return bracketed.length > 0 ? bracketed : [text]
  })
  return [...own, ...written].flatMap((text) => {
    if (typeof text !== 'string') return []
    // A URL may be folded. One without a scheme gets the scheme that nodemailer gives it.
    const url = text.replace(/[\s<>]/g, '')
    const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`
    return parseUrl(full) === null ? [] : [full]
  })
}

/** One header, as nodemailer takes it. */
interface Header {
  readonly key: string
  readonly value: unknown
}

/** What is given for a header, under its own key or among `headers`. In nodemailer the key of its own wins. */
function headerValues(message: MailData, name: string): readonly unknown[] {
  if (message[name]) return [message[name]]
  const { headers } = message
  // As nodemailer takes them: an object by name, one header alone, or a list of such.
  const isList = Array.isArray(headers) || (isRecord(headers) && headers.key && headers.value)
  const entries = isList
    ? ([headers].flat() as readonly Header[]).map(({ key, value }) => [key, value] as const)
    : Object.entries(headers ?? {})
  return valuesOf(entries, name)
    .flat(Infinity)
    .map((value) => (isRecord(value) && 'value' in value ? value.value : value))
}

const valuesOf = (entries: readonly (readonly [string, unknown])[], name: string): unknown[] =>
  entries.filter(([key]) => key.trim().toLowerCase() === name).map(([, value]) => value)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
