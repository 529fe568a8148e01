import { type Edit, spliceEdits } from '../instrument/splice.ts'
import { decodeBase64, editBase64 } from './base64.ts'
import { type Header, onlyValue } from './header.ts'
import { outgrowsLines } from './line-length.ts'
import type { MessagePart } from './message-parts.ts'
import { decodeQuotedPrintable, editQuotedPrintable, encodeQuotedPrintable } from './quoted-printable.ts'

/** A part's body, decoded. One code unit is one byte. */
export interface Body {
  readonly content: string
  /** The message after edits of the content: one or more, in order, of printable ASCII. */
  edit(edits: readonly Edit[]): readonly Edit[]
}

const fieldName = 'content-transfer-encoding'

/** `null` where nobody knows the encoding, or decoders may differ about the body. */
export function readBody(source: string, bytes: Uint8Array, { header, start, end }: MessagePart): Body | null {
  const encoding = onlyValue(source, header, fieldName)
  const raw = source.slice(start, end)
  const eol = source.startsWith('\r', header.end) ? '\r\n' : '\n'
  const move = (edits: readonly Edit[]): readonly Edit[] =>
    edits.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start }))

  switch (encoding === null ? '7bit' : encoding?.toLowerCase()) {
    case '7bit':
    case '8bit':
      return {
        content: raw,
        edit(edits) {
          if (!outgrowsLines(raw, edits)) return move(edits)
          const text = encodeQuotedPrintable(spliceEdits(raw, edits), eol)
          return [relabel(source, header, eol), { start, end, text }]
        },
      }
    case 'binary':
      return { content: raw, edit: move }
    case 'quoted-printable': {
      const body = decodeQuotedPrintable(bytes.subarray(start, end))
      if (body === null) return null
      return { content: body.content, edit: (edits) => move(editQuotedPrintable(raw, body, edits, eol)) }
    }
    case 'base64': {
      const content = decodeBase64(raw)
      return content === null ? null : { content, edit: (edits) => move(editBase64(raw, content, edits, eol)) }
    }
    default:
      return null
  }
}

/** Makes the header say quoted-printable. */
function relabel(source: string, header: Header, eol: string): Edit {
  const field = header.fields.find(({ name }) => name === fieldName)
  if (field === undefined) {
    return { start: header.end, end: header.end, text: `Content-Transfer-Encoding: quoted-printable${eol}` }
  }
  const lineEnd = source.startsWith('\r\n', field.end - 2) ? 2 : 1
  return { start: field.valueStart, end: field.end - lineEnd, text: ' quoted-printable' }
}
