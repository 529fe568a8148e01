// What `serve` does with a store: clicks and opens under every tracking host, API and console under names of this machine.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type CertificateAuthority, type DnsResolver, nodeProbe, type Probe } from '../dns/index.ts'
import { createNodeListener, createReceiver, createTlsAsk, forwardedAddress } from '../receiver/index.ts'
import { createService, createSignIn, type Identity, type SignIn, verifyDueDomains } from '../service/index.ts'
import type { Store } from '../store/index.ts'
import { parseUrl } from '../url.ts'
import { createEventWriter } from './event-writer.ts'
import { reasonOf } from './failure.ts'
import { answerByFetch } from './fetch-listener.ts'
import { formatJson } from './format-json.ts'
import { createHostTeller } from './host-teller.ts'
import { ownNames } from './local-pages.ts'
import { note } from './terminal.ts'

export interface StoreServerOptions {
  readonly store: Store
  readonly resolver: DnsResolver
  readonly certificateAuthority?: CertificateAuthority | undefined
  readonly cnameTarget: string
  /** Whether a request with this key may use the API. */
  readonly acceptsKey: (key: string) => boolean
  /** A name of API and console beside those of this machine. */
  readonly name: string | undefined
}

export interface StoreServer {
  readonly listener: RequestListener
  readonly signIn: SignIn
  /** Ends what has no end of its own. */
  readonly stop: () => void
  /** Once nothing is being answered any more: stores what could not be stored. */
  readonly close: () => Promise<void>
}

/** In ms. */
const [awaitEventsMs, verifyEveryMs] = [10_000, 60_000]

/** Whoever asks for everything has all of it. */
const everything: Identity = { owner: 'default', access: 'write' }

export function createStoreServer(options: StoreServerOptions): StoreServer {
  const { store, resolver, certificateAuthority, name } = options
  const verifying = { store, resolver, certificateAuthority, probe: probeHosts }
  const signIn = createSignIn()
  const stopping = new AbortController()
  const tellOfHost = createHostTeller()
  const readForwarded = forwardedAddress()
  const onError = (error: unknown): void => note(`the service failed: ${reasonOf(error)}`)
  const writer = createEventWriter(store.write, ({ source, cause, events }) =>
    note([`${source} failed: ${reasonOf(cause)}`, ...events.map((event) => formatJson(event))].join('\n')),
  )
  const receiver = createReceiver({
    domains: store.findByHost,
    host: ({ url }) => trackingHost(url),
    findReference: store.findReference,
    onEvent: writer.add,
    awaitEvents: { timeoutMs: awaitEventsMs },
    // The events are printed too: this is the last place for them.
    onError: ({ source, cause, events }) =>
      note([`${source} failed: ${reasonOf(cause)}`, ...events.map((event) => formatJson(event))].join('\n')),
    onMiss: ({ reason, host }) => {
      if (reason === 'unknown-host' && host !== null) tellOfHost(host)
    },
  })
  const tlsAsk = createTlsAsk({ domains: store.findByHost, onError: ({ cause }) => onError(cause) })
  const service = createService({
    ...verifying,
    cnameTarget: options.cnameTarget,
    apiKeys: (key) => (options.acceptsKey(key) ? everything : null),
    signIn,
    clientAddress: (request) => readForwarded(request),
    onError,
  })

  const [listenToReaders, listenToProxy] = [createNodeListener(receiver), createNodeListener(tlsAsk)]
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const url = ownUrl(incoming)
    const isOfMachine = url !== null && ownNames.includes(url.hostname)
    if (url?.pathname === '/healthz') outgoing.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n')
    // A host that is none, such as `a~b.example` of somebody's DNS, is not ours either.
    else if (!isOfMachine && (url === null || url.hostname !== name)) listenToReaders(incoming, outgoing)
    // Who can ask it learns which hosts there are.
    else if (isOfMachine && url.pathname === '/tls-ask') listenToProxy(incoming, outgoing)
    else if (isOfMachine && url.pathname === '/sign-in-link') giveLink(incoming, outgoing)
    else void answerByFetch(service, incoming, outgoing, stopping.signal)
  }

  /** For whoever has the key, when the link of the start is used and its session is over. */
  function giveLink({ method, headers }: IncomingMessage, outgoing: ServerResponse): void {
    const [, key] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
    const isAllowed = method === 'POST' && key !== undefined && options.acceptsKey(key)
    outgoing.writeHead(isAllowed ? 200 : 401, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
    const origin = name === undefined ? `http://${headers.host}` : `https://${name}`
    outgoing.end(isAllowed ? `${signIn.link(origin)}\n` : "POST this with the API's key: Authorization: Bearer KEY\n")
  }

  const timer = setInterval(() => void verify(), verifyEveryMs)
  const verify = async (): Promise<void> => {
    try {
      for (const due of await verifyDueDomains(verifying)) {
        if (due.kind === 'failed') note(`${due.host} could not be checked: ${reasonOf(due.cause)}`)
        else if (due.status !== due.before) note(`${due.host} was ${due.before} and is ${due.status}`)
      }
    } catch (error) {
      // At the end the store is closed under it: whose check is not done is checked ten minutes later.
      if (!stopping.signal.aborted) note(`tracking domains could not be checked: ${reasonOf(error)}`)
    }
  }
  return {
    listener,
    signIn,
    stop: () => {
      clearInterval(timer)
      stopping.abort()
    },
    close: writer.close,
  }
}

/** RFC 9112, section 3.2: a target is a path, for the host in `Host`, or a whole URL. `null`: neither. */
function ownUrl({ url = '', headers: { host = '' } }: IncomingMessage): URL | null {
  if (/^https?:\/\//i.test(url)) return null
  return url.startsWith('/') && /^[\w.[\]:-]+$/.test(host) ? parseUrl(`http://${host}${url}`) : null
}

/** Names under .localhost are this machine's (RFC 6761 section 6.3), and DNS, which a domain's hosts are for, knows no port. */
const isLocal = (hostname: string): boolean => hostname.endsWith('.localhost')

function trackingHost(url: string): string | null {
  const { host, hostname } = parseUrl(url) ?? {}
  return hostname !== undefined && isLocal(hostname) ? hostname : (host ?? null)
}

/** Whether hosts answer over TLS; those of this machine are answered here, without. */
const probePublic: Probe = nodeProbe()
const probeHosts: Probe = async (url, init) =>
  isLocal(new URL(url).hostname) ? { status: 204 } : probePublic(url, init)
