import { type ParameterizedValue, parseParameterized, typeOf } from './content-type.ts'
import { type Header, onlyValue } from './header.ts'
import type { PartReason } from './part-reasons.ts'

/** What a part's header says of its body. */
export type PartHead =
  | {
      readonly kind: 'container'
      readonly type: string
      readonly boundary: string
    }
  | {
      readonly kind: 'leaf'
      /** In lower case, without parameters. */
      readonly type: string
      readonly charset: string | null
      /** Why the body is not looked into; `null` if it is. */
      readonly reason: PartReason | null
    }

/** The multiparts that hold a message's text in several forms or pieces. Others are reports, forms or unknown. */
const containers: readonly string[] = ['multipart/alternative', 'multipart/mixed', 'multipart/related']

/** The encodings that a container may name (RFC 2045 section 6.4). Decoded or not, it is the same. */
const identityEncodings: readonly string[] = ['7bit', '8bit', 'binary']

/**
 * A boundary: what RFC 2046 section 5.1.1 allows and what senders write besides, in these lengths, but no quote, and no space
 * at the end.
 */
const boundaryPattern = /^[!#-[\]-~](?:[ !#-[\]-~]{0,254}[!#-[\]-~])?$/

/** Types that are left alone with a reason of their own. */
const sealed: Readonly<Record<string, PartReason>> = {
  'multipart/signed': 'signed',
  'multipart/encrypted': 'encrypted',
  'application/pkcs7-mime': 'encrypted',
  'application/x-pkcs7-mime': 'encrypted',
}

export function readPartHead(source: string, header: Header): PartHead {
  const text = onlyValue(source, header, 'content-type')
  // RFC 2045 section 5.2
  const type = text === null ? 'text/plain' : (typeOf(text ?? '') ?? 'text/plain')
  const leaf = (reason: PartReason | null, charset: string | null = null): PartHead => ({
    kind: 'leaf',
    type,
    charset,
    reason,
  })
  if (text === undefined || (text !== null && typeOf(text) === null)) return leaf('malformed')

  const seal = sealed[type]
  if (seal !== undefined) return leaf(/smime-type="?signed-data/i.test(text ?? '') ? 'signed' : seal)
  const contentType = text === null ? noParameters : parseParameterized(text)
  if (type.startsWith('multipart/')) {
    if (!containers.includes(type)) return leaf('other-type')
    const boundary = contentType?.parameters.get('boundary')
    if (boundary === undefined || !boundaryPattern.test(boundary)) return leaf('malformed')
    const encoding = onlyValue(source, header, 'content-transfer-encoding')
    const isIdentity = encoding === null || identityEncodings.includes(encoding?.toLowerCase() ?? '')
    return isIdentity ? { kind: 'container', type, boundary } : leaf('malformed')
  }
  if (type !== 'text/html' && type !== 'text/plain') return leaf('other-type')
  if (contentType === null) return leaf('malformed')
  const disposition = readDisposition(source, header)
  if (disposition !== 'inline' || hasName(contentType))
    return leaf(disposition === 'malformed' ? disposition : 'attachment')
  // A parameter in pieces, or with a language and a charset of its own (RFC 2231). Few readers understand that.
  if ([...contentType.parameters.keys()].some((name) => name.startsWith('charset*'))) return leaf('malformed')
  return leaf(null, contentType.parameters.get('charset') ?? null)
}

const noParameters: ParameterizedValue = { value: '', parameters: new Map() }

/** A part with a name is shown as a file. */
const hasName = ({ parameters }: ParameterizedValue): boolean =>
  [...parameters.keys()].some((name) => /^(?:file)?name(?:\*|$)/.test(name))

function readDisposition(source: string, header: Header): 'inline' | 'attachment' | 'malformed' {
  const text = onlyValue(source, header, 'content-disposition')
  if (text === null) return 'inline'
  const disposition = parseParameterized(text ?? '')
  // An unknown disposition is an attachment (RFC 2183 section 2.8).
  if (/^[a-z]/i.test(text ?? '') && !/^inline(?![\w-])/i.test(text ?? '')) return 'attachment'
  if (disposition === null) return 'malformed'
  return hasName(disposition) ? 'attachment' : 'inline'
}
