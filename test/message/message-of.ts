import { type InstrumentedMessage, type InstrumentMessageOptions, instrumentMessage } from '../../src/message/index.ts'
import { fixed, storedDomain } from '../kit/domains.ts'

/** A message of these lines, with CRLF; one code unit is one byte. */
export const lines = (...all: readonly string[]): string => all.join('\r\n')

export const toBytes = (source: string): Uint8Array => new Uint8Array(Buffer.from(source, 'latin1'))

export const instrument = (source: string, options: InstrumentMessageOptions = {}): InstrumentedMessage =>
  instrumentMessage(toBytes(source), storedDomain, { ...fixed, openTracking: false, ...options })

/** The message that comes out, one code unit for each byte. */
export const messageOf = (source: string, options: InstrumentMessageOptions = {}): string =>
  Buffer.from(instrument(source, options).message).toString('latin1')

/** Of each part its path, its type, and what became of it: the number of links that are tracked, or the reason. */
export const outcomesOf = (source: string, options: InstrumentMessageOptions = {}): readonly string[] =>
  instrument(source, options).parts.map((part) => {
    const fate = part.kind === 'skipped' ? part.reason : part.links.filter(({ kind }) => kind === 'tracked').length
    return `${part.path} ${part.type} ${fate}`
  })

export const link = '<a href="https://example.org/">x</a>'
