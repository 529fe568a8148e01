// A DNS server on loopback, with real UDP, TCP and HTTP sockets, that answers as a recursive resolver does: zone data,
// CNAME records followed, wildcards, NXDOMAIN and NODATA told apart, and names that misbehave.

import DNS from 'dns2'
import { type DnsResolver, httpsResolver, nodeResolver } from '../../src/dns/index.ts'

const { Packet } = DNS
const rcode = { servfail: 2, nxdomain: 3, refused: 5 }

/**
 * Records of a zone: `['links.example.com', 'CNAME', 'target.example.net']`, CAA as `0 issue letsencrypt.org`. A name with the
 * record `SERVFAIL` cannot be looked up.
 */
export type ZoneRecord = readonly [
  name: string,
  type: 'A' | 'AAAA' | 'CNAME' | 'CAA' | 'TXT' | 'SERVFAIL',
  value: string,
]

/** Names under these answer as they say, whatever is asked. */
const misbehaviour: Record<string, (response: DNS.Packet, send: (message: DNS.Packet) => unknown) => void> = {
  'servfail.test': (response, send) => answerWith(response, send, rcode.servfail),
  'refused.test': (response, send) => answerWith(response, send, rcode.refused),
  'silent.test': () => {},
  'slow.test': (response, send) => void setTimeout(() => answerWith(response, send, rcode.nxdomain), 60),
  'broken.test': (response, send) => {
    response.answers.push({ name: response.questions[0]!.name, type: 5, class: 1, ttl: 60, domain: 'x.test' } as never)
    send(response.toBuffer().subarray(0, -3) as never)
  },
}

function answerWith(response: DNS.Packet, send: (message: DNS.Packet) => unknown, code: number): void {
  response.header.rcode = code
  send(response)
}

export interface DnsServer {
  /** `127.0.0.1:PORT`, for node:dns. */
  readonly address: string
  /** `http://127.0.0.1:PORT/dns-query`, for DNS over HTTPS. */
  readonly url: string
  /** Every question asked since the last look: `CNAME links.example.com`. */
  takeQuestions(): string[]
  close(): Promise<void>
}

export async function startDnsServer(zone: readonly ZoneRecord[]): Promise<DnsServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await listen(zone)
    } catch (error) {
      // Another process took the port between the look and the use of it.
      if (tries === 5) throw error
    }
  }
}

export type Resolvers = Readonly<Record<'node' | 'https', DnsResolver>>

/** The server, and a resolver of each kind that asks it. */
export async function startResolvers(
  zone: readonly ZoneRecord[],
): Promise<{ server: DnsServer; resolvers: Resolvers }> {
  const server = await startDnsServer(zone)
  const resolvers = { node: nodeResolver({ servers: [server.address] }), https: httpsResolver({ url: server.url }) }
  return { server, resolvers }
}

async function listen(zone: readonly ZoneRecord[]): Promise<DnsServer> {
  let questions: string[] = []
  const server = DNS.createServer({
    udp: true,
    tcp: true,
    doh: { ssl: false } as never,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request)
      const [question] = request.questions
      const name = question!.name.toLowerCase()
      const type = question!.type as number
      const typeName = Object.entries(Packet.TYPE).find(([, number]) => number === type)?.[0]
      questions.push(`${typeName} ${name}`)
      const misbehave = Object.keys(misbehaviour).find((zoneName) => `.${name}`.endsWith(`.${zoneName}`))
      if (misbehave) return misbehaviour[misbehave]!(response, send as never)
      resolve(zone, name, type, response)
      // Truncated over UDP by dns2 when it does not fit, so that the client comes again over TCP.
      send(response as never)
    },
  })
  const { port } = await freePort()
  const local = { port, address: '127.0.0.1' }
  const failed = new Promise<never>((_, reject) => server.once('error', reject))
  const listening = server.listen({ udp: local, tcp: local, doh: await freePort() })
  const { doh } = (await Promise.race([listening, failed])) as { doh: { port: number } }
  return {
    address: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${doh.port}/dns-query`,
    takeQuestions: () => {
      const taken = questions
      questions = []
      return taken
    },
    close: async () => {
      await server.close()
    },
  }
}

/** Answers as RFC 1034 section 4.3.2 says, for all zones at once. */
function resolve(zone: readonly ZoneRecord[], name: string, type: number, response: DNS.Packet): void {
  for (let at = name, hops = 0; hops < 20; hops++) {
    const records = recordsAt(zone, at)
    if (records === null) {
      response.header.rcode = rcode.nxdomain
      return
    }
    if (records.some((record) => record[1] === 'SERVFAIL')) {
      response.header.rcode = rcode.servfail
      return
    }
    const matching = records.filter((record) => Packet.TYPE[record[1] as keyof typeof Packet.TYPE] === type)
    const alias = records.find((record) => record[1] === 'CNAME')
    for (const record of matching.length > 0 ? matching : alias ? [alias] : []) {
      response.answers.push({ name: at, class: Packet.CLASS.IN, ttl: 60, ...encode(record) } as never)
    }
    if (matching.length > 0 || !alias) return
    at = alias[2].toLowerCase()
  }
  response.header.rcode = rcode.servfail // a loop, as resolvers answer it
}

/** The records of a name, by a wildcard if need be; `null` if the name does not exist. */
function recordsAt(zone: readonly ZoneRecord[], name: string): readonly ZoneRecord[] | null {
  const at = zone.filter((record) => record[0] === name)
  if (at.length > 0) return at
  if (zone.some((record) => record[0].endsWith(`.${name}`))) return []
  const wildcard = zone.filter((record) => record[0] === `*.${name.slice(name.indexOf('.') + 1)}`)
  return wildcard.length > 0 ? wildcard : null
}

function encode([, type, value]: ZoneRecord): object {
  if (type === 'CNAME') return { type: Packet.TYPE.CNAME, domain: value }
  if (type === 'TXT') return { type: Packet.TYPE.TXT, data: value }
  if (type !== 'CAA') return { type: Packet.TYPE[type as 'A' | 'AAAA'], address: value }
  const [, flags, tag, text] = /^(\d+) (\S+) (.*)$/.exec(value)!
  return { type: Packet.TYPE.CAA, flags: Number(flags), tag, value: text }
}

/** A port that is free for both UDP and TCP, as DNS clients use the same number for both. */
async function freePort(): Promise<{ port: number; address: string }> {
  const { createServer } = await import('node:net')
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as { port: number }
  await new Promise((done) => probe.close(done))
  return { port, address: '127.0.0.1' }
}
