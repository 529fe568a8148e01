// `mailtrace serve --data` with a newcomer beside it: the same server on a temporary folder, and what else it takes to see it work, all
// of it on this machine. Started by demo.mjs.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerByFetch } from '../../../src/cli/fetch-listener.ts'
import { keepKey } from '../../../src/cli/kept-key.ts'
import { checkPort, listenLocally, toldToStop } from '../../../src/cli/local-server.ts'
import { openStore } from '../../../src/cli/open-store.ts'
import { createStoreServer } from '../../../src/cli/store-server.ts'
import { nodeResolver } from '../../../src/dns/index.ts'
import { startDnsServer, type ZoneRecord } from '../../kit/dns-server.ts'
import { createDemo, createElsewhere } from './create-demo.tsx'
import { createMailing } from './mailing.ts'

const [newsletter = '', portText = ''] = process.argv.slice(2)
const askedPort = Number(portText)

/** Unguessable, as each customer's should be. */
const cnameTarget = 'k7w2q.tracking.localhost'

const folder = await mkdtemp(join(tmpdir(), 'mailtrace-demo-'))
const zone: ZoneRecord[] = []
const dns = await startDnsServer(zone)
console.log('starting: the first look at it takes some seconds')
try {
  await serveDemo()
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  await dns.close()
  await rm(folder, { recursive: true, force: true })
}
process.exit()

async function serveDemo(): Promise<void> {
  await checkPort(askedPort)
  const { store, query, close } = await openStore({ data: join(folder, 'data') })
  const { fresh, accepts } = await keepKey({ query })
  const server = createStoreServer({
    store,
    resolver: nodeResolver({ servers: [dns.address] }),
    cnameTarget,
    acceptsKey: accepts,
    name: undefined,
  })
  const stopping = new AbortController()
  const mailing = createMailing(store, await readFile(newsletter, 'utf8'), askedPort)
  const demo = createDemo({ store, zone, signIn: server.signIn, mailing, port: askedPort })
  const elsewhere = createElsewhere({ mailing }, demo)

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const host = (incoming.headers.host ?? '').replace(/:\d+$/, '')
    const isDemo = host === 'localhost' && /^\/demo(?:[/?]|$)/.test(incoming.url ?? '')
    const isElsewhere = host.endsWith('.localhost') && (await store.findByHost(host)) === null
    if (isDemo) await answerByFetch(demo, incoming, outgoing, stopping.signal)
    else if (isElsewhere) await answerByFetch(elsewhere, incoming, outgoing, stopping.signal)
    else server.listener(incoming, outgoing)
  }
  const http = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  })
  const { port, drain } = await listenLocally(http, askedPort)
  const told = toldToStop()
  const own = `http://localhost:${port}`
  console.log(`listening on ${own}

Begin here, it leads you through:  ${own}/demo
The console opens, once, at:       ${server.signIn.link(own)}
Its API is at:                     ${own}/api, with the key ${fresh}

Ctrl-C ends it and leaves nothing behind.`)

  await told
  server.stop()
  await drain()
  await server.close()
  await close()
}
