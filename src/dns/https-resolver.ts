import { maxTimeoutMs, optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { inTime } from '../timers.ts'
import { encodeBase64Url } from '../tracking-url/base64url.ts'
import { parseUrl } from '../url.ts'
import { type AnswerRecord, decodeAnswer, encodeQuery, maxMessageBytes, recordType } from './dns-message.ts'
import type { DnsResolver } from './resolver.ts'

/** Options of {@link httpsResolver}. */
export interface HttpsResolverOptions {
  /** The server's address: `https://cloudflare-dns.com/dns-query`, `https://dns.google/dns-query`. */
  readonly url: string
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined
  /** The longest wait for one answer, in ms, 1 to 60,000. Default: 5,000 */
  readonly timeoutMs?: number | undefined
}

/**
 * Asks a DNS server over HTTPS, in the wire format that every such server must understand (RFC 8484). JSON formats are those
 * of single providers, and each writes CAA records in another way.
 *
 * @throws {MailtraceError} `invalid-options`.
 * @see https://www.rfc-editor.org/rfc/rfc8484
 *
 * @example
 * import { httpsResolver } from 'mailtrace/dns'
 *
 * const resolver = httpsResolver({ url: 'https://cloudflare-dns.com/dns-query', timeoutMs: 2000 })
 * console.log(Object.keys(resolver)) // [ 'cname', 'addresses', 'caa' ]
 */
export function httpsResolver(options: HttpsResolverOptions): DnsResolver {
  optionChecks.object(options, 'options', ['url', 'fetch', 'timeoutMs'])
  const base = checkUrl(options.url)
  // The global fetch is looked up at each call, so that one that is put in its place later is used; and it is called without
  // a `this`.
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  if (typeof send !== 'function') throw optionChecks.error(`fetch is ${quote(send)}: use a function like fetch`)
  const timeoutMs = optionChecks.integer(options.timeoutMs ?? 5000, 'timeoutMs', 1, maxTimeoutMs)

  async function query(name: string, type: number): Promise<readonly AnswerRecord[]> {
    const url = new URL(base)
    url.searchParams.set('dns', encodeBase64Url(encodeQuery(name, type)))
    return await inTime(timeoutMs, async (signal) => {
      const response = await send(url, { headers: { accept: 'application/dns-message' }, signal })
      if (!response.ok) throw new Error(`the DNS server answered with status ${response.status}`)
      return decodeAnswer(await readBody(response), name, type)
    })
  }

  const addresses = async (name: string, type: number): Promise<string[]> =>
    (await query(name, type)).flatMap(({ text }) => text ?? [])
  return {
    // A server may send the whole chain.
    cname: async (name) =>
      (await query(name, recordType.CNAME))
        .filter((record) => record.name.toLowerCase() === name.toLowerCase())
        .flatMap(({ text }) => text ?? []),
    addresses: async (name) =>
      (await Promise.all([addresses(name, recordType.A), addresses(name, recordType.AAAA)])).flat(),
    caa: async (name) => (await query(name, recordType.CAA)).flatMap(({ caa }) => caa ?? []),
  }
}

/** No more of a body than a DNS message has. */
async function readBody(response: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxMessageBytes)
  let length = 0
  for await (const chunk of response.body ?? []) {
    if (length + chunk.length > maxMessageBytes) throw new Error(`a DNS response of more than ${maxMessageBytes} bytes`)
    bytes.set(chunk, length)
    length += chunk.length
  }
  return bytes.subarray(0, length)
}

function checkUrl(value: unknown): URL {
  // RFC 8484 servers publish a URI template; its only variable is `dns`.
  const text = typeof value === 'string' ? value.replace(/\{\?dns\}$/, '') : ''
  const url = parseUrl(text)
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url
  throw optionChecks.error(`url is ${quote(value)}: use the https address of a DNS server`)
}
