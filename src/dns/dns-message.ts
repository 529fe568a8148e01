// Owns DNS messages on the wire (RFC 1035 section 4), as far as queries over HTTPS need them. Answers come from outside:
// reading one must always end, and throw for what is cut or malformed.

import type { CaaProperty } from './resolver.ts'

/** Record types, by their numbers on the wire. */
export const recordType = { A: 1, CNAME: 5, AAAA: 28, CAA: 257 } as const

/** One record of an answer. */
export interface AnswerRecord {
  readonly name: string
  readonly type: number
  /** The text of an address or a name; `null` for other types. */
  readonly text: string | null
  readonly caa: CaaProperty | null
}

const headerBytes = 12
const recursionDesired = 0x0100
const isResponse = 0x8000
const isTruncated = 0x0200
const rcodeMask = 0x000f
const noError = 0
const nameError = 3
const classInternet = 1
/** In bytes (RFC 1035 section 2.3.4). */
const maxNameBytes = 255

/** A query for one name, with the id 0 that lets HTTP caches recognise it (RFC 8484 section 4.1). */
export function encodeQuery(name: string, type: number): Uint8Array {
  const labels = name.split('.').map((label) => new TextEncoder().encode(label))
  if (labels.some((label) => label.length < 1 || label.length > 63)) throw new Error('not a DNS name')
  const question = labels.flatMap((label) => [label.length, ...label])
  const word = (value: number): number[] => [value >> 8, value & 0xff]
  return Uint8Array.from([
    ...[0, recursionDesired, 1, 0, 0, 0].flatMap(word),
    ...question,
    0,
    ...word(type),
    ...word(classInternet),
  ])
}

/** The records that answer a query; none for NXDOMAIN. Throws for every other error. */
export function decodeAnswer(message: Uint8Array): readonly AnswerRecord[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const flags = view.getUint16(2)
  if (!(flags & isResponse)) throw new Error('no DNS response')
  if (flags & isTruncated) throw new Error('truncated DNS response')
  const rcode = flags & rcodeMask
  if (rcode === nameError) return []
  if (rcode !== noError) throw new Error(rcode === 2 ? 'SERVFAIL' : rcode === 5 ? 'REFUSED' : `DNS error ${rcode}`)

  let at = headerBytes
  for (let left = view.getUint16(4); left > 0; left--) at = readName(view, at).end + 4
  const records: AnswerRecord[] = []
  for (let left = view.getUint16(6); left > 0; left--) {
    const { name, end } = readName(view, at)
    const type = view.getUint16(end)
    const start = end + 10
    at = start + view.getUint16(end + 8)
    if (at > message.length) throw new RangeError('cut DNS response')
    const data = message.subarray(start, at)
    records.push({
      name,
      type,
      text: type === recordType.CNAME ? readName(view, start).name : readAddress(type, data),
      caa: type === recordType.CAA ? readCaa(data) : null,
    })
  }
  return records
}

/** Reads a name, compressed or not (section 4.1.4). Pointers must lead backwards, so that they come to an end. */
function readName(view: DataView, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let end: number | null = null
  let at = start
  let limit = start
  let bytes = 0
  for (let length = view.getUint8(at); length !== 0; length = view.getUint8(at)) {
    if (length >= 0xc0) {
      end ??= at + 2
      at = view.getUint16(at) & 0x3fff
      if (at >= limit) throw new Error('malformed DNS name')
      limit = at
      continue
    }
    bytes += length + 1
    if (length > 63 || bytes > maxNameBytes) throw new Error('malformed DNS name')
    // A dot inside a label is escaped, or it would pass for the end of one.
    const label = latin1(new Uint8Array(view.buffer, view.byteOffset + at + 1, length))
    labels.push(label.replace(/[.\\]/g, '\\$&'))
    at += length + 1
  }
  return { name: labels.join('.'), end: end ?? at + 1 }
}

function readAddress(type: number, data: Uint8Array): string | null {
  if (type === recordType.A) return data.join('.')
  if (type !== recordType.AAAA || data.length !== 16) return null
  const words = Array.from({ length: 8 }, (_, index) => ((data[index * 2]! << 8) | data[index * 2 + 1]!).toString(16))
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1) // the short form of RFC 5952
}

/** RFC 8659 section 4.1. */
function readCaa(data: Uint8Array): CaaProperty {
  const [flags, tagLength] = data
  if (flags === undefined || tagLength === undefined || data.length < 2 + tagLength) throw new Error('malformed CAA')
  return { flags, tag: latin1(data.subarray(2, 2 + tagLength)), value: latin1(data.subarray(2 + tagLength)) }
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
