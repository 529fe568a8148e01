import { createServer } from 'node:http'
import { hostText } from '../config/host.ts'
import type { Database } from '../store/index.ts'
import { createResolver } from './dns.ts'
import { failure } from './failure.ts'
import { importPeer } from './import-peer.ts'
import { acceptOnly, keepKey } from './kept-key.ts'
import { checkPort, endProgram, listenLocally, toldToStop } from './local-server.ts'
import { openStore } from './open-store.ts'
import { note } from './terminal.ts'

export interface ServeStoreOptions {
  readonly data: string | undefined
  readonly database: string | undefined
  readonly target: string | undefined
  readonly name: string | undefined
  readonly ca: string | undefined
  readonly resolver: string | undefined
}

/** Under .localhost (RFC 6761 section 6.3) nothing of it reaches anybody else. */
const localTarget = 'mailtrace.localhost'

/** Receiver, API and console in one process. */
export async function serveStore(options: ServeStoreOptions, askedPort: number): Promise<never> {
  const { data, database } = options
  const name = readName(options.name)
  const resolver = createResolver(options.resolver)
  const ownKey = readKey(process.env.MAILTRACE_API_KEY)
  const source = data === undefined ? '--database' : '--data'
  const { createStoreServer } = await importPeer(source, 'hono', () => import('./store-server.ts'))
  await checkPort(askedPort)
  const { store, query, close } = await openStore(data === undefined ? { database: database! } : { data })
  try {
    const { key, accepts } = await chooseKey({ query }, ownKey)
    const { target = localTarget } = options
    const { listener, signIn, ...running } = createStoreServer({
      store,
      resolver,
      certificateAuthority: options.ca === undefined ? undefined : { names: [options.ca] },
      cnameTarget: target,
      acceptsKey: accepts,
      name,
    })
    const { port, drain } = await listenLocally(createServer(listener), askedPort)
    // Before anybody can know that it runs: a signal would end it at once.
    const told = toldToStop()
    const own = `http://localhost:${port}`
    const signInUrl = signIn.link(name === undefined ? own : `https://${name}`)
    for (const line of describeUrls({ own, signInUrl, key, target, name })) note(line)

    await told
    running.stop()
    await drain()
    await running.close()
  } finally {
    await close()
  }
  return await endProgram()
}

interface Urls {
  readonly own: string
  readonly signInUrl: string
  readonly key: string
  readonly target: string
  readonly name: string | undefined
}

/** Which URL is for what. */
function describeUrls({ own, signInUrl, key, target, name }: Urls): string[] {
  return [
    `listening on ${own}`,
    `the console opens at ${signInUrl}, once`,
    `the API is at ${own}/api, ${key}`,
    ...(name === undefined ? [] : [`both are at https://${name} too: have a proxy with TLS pass it on here`]),
    'links lead to the hosts of tracking domains: have a proxy with TLS pass them on here, with their Host',
    `such a proxy may ask ${own}/tls-ask?domain=HOST before it gets a certificate`,
    `CNAME records must point at ${target}${target === localTarget ? ', which is for a try on this machine: see --target' : ''}`,
    `${own}/healthz says ok while the server lives`,
  ]
}

function readName(name: string | undefined): string | undefined {
  const host = name === undefined ? undefined : hostText(name)
  if (host === null) throw failure(`--name is ${JSON.stringify(name)}: use a host name like mailtrace.example.com`, 2)
  return host
}

/** As the service takes keys. The key itself is never told. */
function readKey(key: string | undefined): string | undefined {
  if (key !== undefined && !/^[\x21-\x7e]{16,256}$/.test(key)) {
    throw failure('MAILTRACE_API_KEY must have 16 to 256 printable ASCII characters without spaces', 2)
  }
  return key
}

/** Which key the API takes, and how to say so. */
async function chooseKey(database: Database, ownKey: string | undefined) {
  if (ownKey !== undefined) return { key: 'with the key in MAILTRACE_API_KEY', accepts: acceptOnly(ownKey) }
  const { fresh, accepts } = await keepKey(database)
  const key =
    fresh === null ? 'with the key that the first start showed' : `with the key ${fresh}, which is shown this once`
  return { key, accepts }
}
