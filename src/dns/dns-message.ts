// DNS messages on the wire (RFC 1035 section 4), as far as queries over HTTPS need them. Answers come from outside: reading
// one must end after few steps, and throw for what is cut, malformed or an answer to something else.

import { escapeByte } from './dns-name.ts'
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

/**
 * In bytes: the longest message that the length before it over TCP can tell (RFC 1035 section 4.2.2). RFC 8484 section 6
 * keeps it.
 */
export const maxMessageBytes = 65_535

const headerBytes = 12
/** The id 0 lets HTTP caches recognise a query (RFC 8484 section 4.1). */
const queryId = 0
const recursionDesired = 0x0100
const isResponse = 0x8000
const opcodeMask = 0x7800
const isTruncated = 0x0200
const rcodeMask = 0x000f
const noError = 0
const nameError = 3
const classInternet = 1
/** In bytes (RFC 1035 section 2.3.4). */
const maxNameBytes = 255

/**
 * A pointer for each label of the longest name, as BIND and miekg/dns have it. Without a bound, records that share a ladder of
 * 8,000 pointers took 14 s in a message of 736 KB.
 */
const maxPointers = 126

/** A query for one name. */
export function encodeQuery(name: string, type: number): Uint8Array {
  const labels = name.split('.').map((label) => new TextEncoder().encode(label))
  if (labels.some((label) => label.length < 1 || label.length > 63)) throw new Error('not a DNS name')
  const question = labels.flatMap((label) => [label.length, ...label])
  const word = (value: number): number[] => [value >> 8, value & 0xff]
  return Uint8Array.from([
    ...[queryId, recursionDesired, 1, 0, 0, 0].flatMap(word),
    ...question,
    0,
    ...word(type),
    ...word(classInternet),
  ])
}

/** The records that answer the query for a name and type; none for NXDOMAIN. Throws for every other error. */
export function decodeAnswer(message: Uint8Array, asked: string, type: number): readonly AnswerRecord[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  if (message.length < headerBytes) throw new Error('no DNS response')
  const flags = view.getUint16(2)
  if (!(flags & isResponse) || flags & opcodeMask) throw new Error('no DNS response')
  if (flags & isTruncated) throw new Error('truncated DNS response')
  const rcode = flags & rcodeMask
  if (rcode !== noError && rcode !== nameError) {
    throw new Error(rcode === 2 ? 'SERVFAIL' : rcode === 5 ? 'REFUSED' : `DNS error ${rcode}`)
  }
  // An answer is certain only if it is about the name that was asked for.
  const question = readQuestion(view)
  if (view.getUint16(0) !== queryId || question.text !== `${asked.toLowerCase()} ${type} ${classInternet}`) {
    throw new Error('a DNS response to another query')
  }
  if (rcode === nameError) return []

  let at = question.end
  const records: AnswerRecord[] = []
  for (let left = view.getUint16(6); left > 0; left--) {
    const { record, end } = readRecord(view, at)
    if (record.type === type) records.push(record)
    at = end
  }
  return records
}

/** The question as text. */
function readQuestion(view: DataView): { readonly text: string; readonly end: number } {
  if (view.getUint16(4) !== 1) throw new Error('a DNS response to another query')
  const { name, end } = readName(view, headerBytes)
  return { text: `${name.toLowerCase()} ${view.getUint16(end)} ${view.getUint16(end + 2)}`, end: end + 4 }
}

function readRecord(view: DataView, at: number): { readonly record: AnswerRecord; readonly end: number } {
  const { name, end: fixed } = readName(view, at)
  const type = view.getUint16(fixed)
  if (view.getUint16(fixed + 2) !== classInternet) throw new Error('a DNS record of another class')
  const start = fixed + 10
  const end = start + view.getUint16(fixed + 8)
  if (end > view.byteLength) throw new Error('cut DNS response')
  const data = new Uint8Array(view.buffer, view.byteOffset + start, end - start)
  const text = type === recordType.CNAME ? readTarget(view, start, end) : readAddress(type, data)
  return { record: { name, type, text, caa: type === recordType.CAA ? readCaa(data) : null }, end }
}

/** A name that fills its record. */
function readTarget(view: DataView, start: number, end: number): string {
  const target = readName(view, start)
  if (target.end !== end) throw new Error('malformed DNS name')
  return target.name
}

/**
 * Reads a name, compressed or not (section 4.1.4). Pointers must lead backwards, so that they come to an end. A dot inside a
 * label would look like the end of the label, so it is escaped, as is whatever is not visible ASCII.
 */
function readName(view: DataView, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let end: number | null = null
  let at = start
  let limit = start
  let bytes = 0
  let pointers = 0
  for (let length = view.getUint8(at); length !== 0; length = view.getUint8(at)) {
    if (length >= 0xc0) {
      end ??= at + 2
      at = view.getUint16(at) & 0x3fff
      if (at >= limit || ++pointers > maxPointers) throw new Error('malformed DNS name')
      limit = at
      continue
    }
    bytes += length + 1
    if (length > 63 || bytes > maxNameBytes) throw new Error('malformed DNS name')
    if (at + 1 + length > view.byteLength) throw new Error('cut DNS response')
    labels.push(escapeLabel(new Uint8Array(view.buffer, view.byteOffset + at + 1, length)))
    at += length + 1
  }
  return { name: labels.join('.'), end: end ?? at + 1 }
}

const escapeLabel = (label: Uint8Array): string =>
  latin1(label)
    .replace(/[.\\]/g, '\\$&')
    .replace(/[^\x21-\x7e]/g, (character) => escapeByte(character.charCodeAt(0)))

function readAddress(type: number, data: Uint8Array): string | null {
  if (type === recordType.A) return data.length === 4 ? data.join('.') : null
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
