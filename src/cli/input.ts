import { constants } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import type { DomainConfig } from '../config/domain-config.ts'
import { trackingActivation } from '../index.ts'
import { failure, reasonOf, usageFailure } from './failure.ts'
import { findJsonError } from './json-error.ts'

/** In bytes. No string of JavaScript is longer, and ASCII takes one byte for each of its units. */
const longestInput = constants.MAX_STRING_LENGTH

/** In bytes: how many are looked at to tell UTF-16. */
const sampleLength = 4096

/** @param file a path; `-` or nothing for standard input */
export async function readHtml(file = '-'): Promise<string> {
  return decode(await readMessage(file), file === '-' ? 'standard input' : JSON.stringify(file))
}

/** As {@link readHtml}, the bytes as they are. */
export async function readMessage(file = '-'): Promise<Uint8Array> {
  if (file === '-' && process.stdin.isTTY) throw usageFailure('no FILE, and nothing is piped in')
  return file === '-' ? await readStandardInput() : await readBytes(file)
}

/** A file that is text. */
export async function readText(file: string): Promise<string> {
  return decode(await readBytes(file), JSON.stringify(file))
}

/** The configuration of a sending domain, checked. */
export async function readDomain(file: string): Promise<DomainConfig> {
  const name = JSON.stringify(file)
  // JSON.parse takes no byte order mark, and some editors write one (RFC 8259 section 8.1 lets readers ignore it).
  const text = (await readText(file)).replace(/^\ufeff/, '')
  let domain: DomainConfig
  try {
    domain = JSON.parse(text)
  } catch {
    const error = findJsonError(text)!
    throw failure(`${name} is not valid JSON: line ${error.line}, column ${error.column}: expected ${error.expected}`)
  }
  try {
    trackingActivation(domain)
  } catch (error) {
    throw failure(`${name}: ${reasonOf(error)}`)
  }
  return domain
}

/** @throws for bytes that could not be written back as they were */
function decode(bytes: Uint8Array, name: string): string {
  if (isUtf16(bytes)) throw failure(`${name} is UTF-16: convert it to UTF-8 first`)
  try {
    // The byte order mark stays. Taken off on the way in, it would be missing on the way out.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw failure(`${name} is not UTF-8: convert it first, or bytes would be lost`)
  }
}

/** UTF-16 is known by its byte order mark, or by a 0 in every other byte: markup is ASCII, and no text in UTF-8 has that. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  const sample = bytes.subarray(0, sampleLength)
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2]!++
  return sample.length >= 4 && Math.max(...zeros) > sample.length / 4 && Math.min(...zeros) < sample.length / 20
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > longestInput) throw new Error(tooLong(size))
    return await readFile(file)
  } catch (error) {
    throw failure(`cannot read ${JSON.stringify(file)}: ${reasonOf(error)}`)
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    length += chunk.length
    if (length > longestInput) throw failure(`cannot read standard input: ${tooLong(length)}`)
  }
  return Buffer.concat(chunks)
}

const tooLong = (length: number): string => `${length} bytes are more than the ${longestInput} that can be handled`
