// Owns what comes in: the HTML from a file or standard input, the domain's configuration. It must refuse bytes that it
// could not write back as they were.

import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { DomainConfig } from '../config/domain-config.ts'
import { trackingActivation } from '../index.ts'
import { failure, reasonOf, usageFailure } from './failure.ts'

/** @param file a path; `-` or nothing for standard input */
export async function readHtml(file = '-'): Promise<string> {
  if (file === '-' && process.stdin.isTTY) throw usageFailure('no FILE, and nothing is piped in')
  const name = file === '-' ? 'standard input' : JSON.stringify(file)
  const bytes = file === '-' ? await buffer(process.stdin) : await readBytes(file)
  try {
    // The mark stays: a byte order mark that is taken off on the way in would be missing on the way out.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw failure(`${name} is not UTF-8: convert it first, or bytes would be lost`)
  }
}

export async function readDomain(file: string | undefined): Promise<DomainConfig> {
  if (file === undefined) throw usageFailure('--domain FILE is missing')
  const text = (await readBytes(file)).toString()
  let domain: DomainConfig
  try {
    domain = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text around the mistake, which may be a signing key.
    throw failure(`${JSON.stringify(file)} is not valid JSON`)
  }
  try {
    trackingActivation(domain)
  } catch (error) {
    throw failure(`${JSON.stringify(file)}: ${reasonOf(error)}`)
  }
  return domain
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw failure(`cannot read ${JSON.stringify(file)}: ${reasonOf(error)}`)
  }
}
