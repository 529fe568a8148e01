import type { UntouchedReason } from './mail-outcome.ts'
import type { MailData } from './plugin-options.ts'

/** What the plugin touches of a message that nodemailer is about to compile. */
export interface CompilingMail {
  data: object
  resolveContent(data: object, key: string, callback: (error: Error | null, content?: unknown) => void): unknown
}

type PartName = 'html' | 'text' | 'raw'

interface Untouched {
  readonly kind: 'untouched'
  readonly reason: UntouchedReason
}

/** A part's content, or why it is left as it is. */
export type PartContent = { readonly kind: 'read'; readonly text: string } | Untouched

/** How nodemailer describes content that is elsewhere. */
type Descriptor = Readonly<Record<string, unknown>>

/** Reads a part as text. */
export async function readPart(mail: CompilingMail, message: MailData, name: PartName): Promise<PartContent> {
  const read = await readContent(mail, message, name)
  if (read.kind === 'untouched') return read
  const { content } = read
  if (!(content instanceof Uint8Array)) return { kind: 'read', text: content as string }
  try {
    return { kind: 'read', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content) }
  } catch {
    return untouched('charset')
  }
}

/** Reads through nodemailer, which knows strings, buffers, streams, files and URLs. */
export async function readContent(
  mail: CompilingMail,
  message: MailData,
  name: PartName,
): Promise<{ readonly kind: 'read'; readonly content: unknown } | Untouched> {
  const value = message[name]
  if (!value) return untouched('absent')
  if (isDescriptor(value) && value.raw) return untouched('raw')
  if (isDescriptor(value) && wantsForbidden(value, message)) return untouched('access-disabled')
  const holder = isDescriptor(value) ? { [name]: withOneSource(value, name) } : mail.data
  return { kind: 'read', content: await resolve(mail, holder, name) }
}

/** A part with new content. The fields that say where the old content is, and how it is encoded, do not fit the new one. */
export function replacePart(value: unknown, text: string): unknown {
  if (!isDescriptor(value)) return text
  const { content, path, href, encoding, httpHeaders, tls, ...others } = value
  return { ...others, content: text }
}

const untouched = (reason: UntouchedReason): Untouched => ({ kind: 'untouched', reason })

function resolve(mail: CompilingMail, holder: object, name: PartName): Promise<unknown> {
  return new Promise((settle, fail) => {
    mail.resolveContent(holder, name, (error, content) => (error ? fail(error) : settle(content)))
  })
}

/** Whether a value describes content, and is neither the content nor a stream of it. */
function isDescriptor(value: unknown): value is Descriptor {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  return typeof (value as { readonly pipe?: unknown }).pipe !== 'function'
}

/**
 * nodemailer prefers a path to a URL, and a URL to content; of `raw` it prefers a URL to a path. In some versions its
 * `resolveContent` has another order, so it is given one of them alone.
 */
function withOneSource(value: Descriptor, name: PartName): Descriptor {
  if (value.path && !(name === 'raw' && value.href)) return { ...value, content: undefined, href: undefined }
  return value.href ? { ...value, content: undefined, path: undefined } : value
}

/** Older versions of nodemailer let a plugin read what they would refuse to send. */
function wantsForbidden(value: Descriptor, { disableFileAccess, disableUrlAccess }: MailData): boolean {
  const source = isDescriptor(value.content) && !value.path && !value.href ? value.content : value
  return [source.path, source.href].some((place) => {
    if (!place || /^data:/i.test(`${place}`)) return false
    const isUrl = place === source.href || /^https?:/i.test(`${place}`)
    return Boolean(isUrl ? disableUrlAccess : disableFileAccess)
  })
}
