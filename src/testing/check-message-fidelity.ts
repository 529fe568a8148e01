import { type CheckedDomain, checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { writeLatin1 } from '../latin1.ts'
import { compareHtml } from './compare-html.ts'
import { compareText } from './compare-text.ts'
import { type HtmlSource, htmlSource } from './html-source.ts'
import { type ReadMessage, type ReadPart, readMessage } from './read-message.ts'
import { createReferenceReader, type ReferenceReader } from './read-reference.ts'
import { createReport } from './report.ts'
import type { Violation } from './violation.ts'

/** A violation in a message. Its place is in the content of a part once that is decoded, in bytes. */
export interface MessageViolation extends Violation {
  /** As IMAP numbers parts: `'1'`, `'1.2'`. `''`: headers, or what stands between parts; `place` counts from the first difference. */
  readonly part: string
}

/**
 * Holds a whole instrumented message against its original: headers, boundaries, attachments and all other parts are the same bytes;
 * each HTML part passes {@link checkFidelity}; in plain text, nothing but URLs changed, and each leads where it led. How a
 * changed part is encoded may have become another.
 *
 * Gives every violation, part by part: empty is what a test asserts. It reads the message by itself, without the code that instruments.
 *
 * @param original what was passed to instrumentMessage.
 * @param instrumented the result, also when the pipeline has changed other things in it.
 * @throws {TypeError} if either is no `Uint8Array`.
 * @throws {MailtraceError} `invalid-config`; `unsupported-platform` where parse5 is not installed.
 * @example
 * import { defineDomain } from 'mailtrace'
 * import { instrumentMessage } from 'mailtrace/message'
 * import { checkMessageFidelity } from 'mailtrace/testing'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const raw = new TextEncoder().encode('Subject: Hi\r\nContent-Type: text/html\r\n\r\n<a href="https://example.org/">x</a>\r\n')
 * const { message } = instrumentMessage(raw, domain)
 * console.log(checkMessageFidelity(raw, message, domain)) // []
 */
export function checkMessageFidelity(
  original: Uint8Array,
  instrumented: Uint8Array,
  domain: DomainConfig,
): readonly MessageViolation[] {
  checkBytes(original, 'original')
  checkBytes(instrumented, 'instrumented')
  const [before, after] = [readMessage(original), readMessage(instrumented)]
  const checked = checkDomain(domain)
  const readReference = createReferenceReader(checked)
  const frames = [...compareFrames(before, after)]
  if (before.parts.length !== after.parts.length) return frames
  return [
    ...frames,
    ...before.parts.flatMap((part, at) =>
      comparePart(part, after.parts[at]!, checked, readReference).map((violation) => ({
        part: part.path,
        ...violation,
      })),
    ),
  ]
}

function checkBytes(message: unknown, name: string): void {
  if (!(message instanceof Uint8Array)) {
    throw new TypeError(`${name} is ${quote(message)}: pass the whole message as a Uint8Array`)
  }
}

/** All around the bodies. */
function compareFrames(before: ReadMessage, after: ReadMessage): readonly MessageViolation[] {
  const framesOf = ({ parts, rest }: ReadMessage): string => [...parts.map(({ frame }) => frame), rest].join('\0')
  const [was, is] = [framesOf(before), framesOf(after)]
  return was === is ? [] : difference('frame', was, is).map((violation) => ({ part: '', ...violation }))
}

function comparePart(
  before: ReadPart,
  after: ReadPart,
  domain: CheckedDomain,
  readReference: ReferenceReader,
): readonly Violation[] {
  if (before.raw === after.raw) return []
  if (before.type === 'text/html' && !before.isAttachment) {
    return compareHtml(sourceOf(before), sourceOf(after), domain, readReference)
  }
  if (before.type === 'text/plain' && !before.isAttachment) {
    return compareText(sourceOf(before), sourceOf(after), domain, readReference)
  }
  return difference('frame', before.raw, after.raw)
}

function sourceOf({ content, charset }: ReadPart): HtmlSource {
  const bytes = new Uint8Array(content.length)
  writeLatin1(bytes, 0, content)
  if (/^(?:utf-?8|us-ascii)$/i.test(charset)) return htmlSource(bytes)
  const decoder = decoderOf(charset)
  return {
    units: content,
    isInCharacter: () => false,
    read: ([start, end]) => decoder.decode(bytes.subarray(start, end)),
  }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { ignoreBOM: true })
  } catch {
    return new TextDecoder('latin1')
  }
}

/** One violation from the first to the last byte that differs. */
function difference(kind: 'frame', was: string, is: string): readonly Violation[] {
  const shorter = Math.min(was.length, is.length)
  let start = 0
  while (start < shorter && was[start] === is[start]) start++
  let end = 0
  while (end < shorter - start && was.at(-1 - end) === is.at(-1 - end)) end++
  const whole = (text: string): HtmlSource => ({
    units: text,
    isInCharacter: () => false,
    read: (range) => text.slice(...range),
  })
  const report = createReport(whole(was), whole(is))
  report.add(kind, [start, was.length - end], [start, is.length - end])
  return report.violations()
}
