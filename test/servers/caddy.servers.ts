import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  createNodeListener,
  createReceiver,
  createTlsAsk,
  type DomainConfig,
  forwardedAddress,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, otherDomain } from '../receiver/fixtures.ts'
import { blockUnder } from '../receiver/guide.ts'
import { askOverTls, freePort, serve, start, temporaryFolder } from './stage.ts'

const binary = process.env.CADDY ?? '/usr/bin/caddy'
/** Caddy with the guide's configuration: its internal authority signs, and the ports are others. */
async function startCaddy(domains: (host: string) => DomainConfig | null) {
  const events: TrackingEvent[] = []
  const asked: string[] = []
  const failures: unknown[] = []
  const receiver = createReceiver({
    domains,
    onEvent: (event) => events.push(event),
    clientAddress: forwardedAddress(1),
  })
  const tlsAsk = createTlsAsk({
    domains: (host) => {
      asked.push(host)
      return domains(host)
    },
    onError: ({ cause }) => failures.push(`${cause}`),
  })
  const [port, httpPort] = [await freePort(), await freePort()]
  const folder = temporaryFolder()
  const file = join(folder, 'Caddyfile')
  const options = `{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\thttp_port ${httpPort}\n\thttps_port ${port}\n`
  const text = blockUnder('Caddy')
    .replace('{\n', options)
    .replace('127.0.0.1:8080', `127.0.0.1:${await serve(createNodeListener(receiver))}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${await serve(createNodeListener(tlsAsk))}`)
  writeFileSync(file, text)
  await start(binary, ['run', '--config', file], { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder }, port)
  const root = join(folder, 'caddy/pki/authorities/local/root.crt')
  for (let attempt = 0; !existsSync(root) && attempt < 100; attempt++) await wait(50)
  return {
    port,
    ca: readFileSync(root),
    receiver,
    events,
    asked,
    failures,
    certificates: join(folder, 'caddy/certificates/local'),
  }
}

describe('Caddy with on-demand certificates', () => {
  const listed = (host: string) => (host === 'links.example.com' ? domain : null)

  it('gets one for a host that a domain lists, and its click is answered over TLS', async () => {
    const { port, ca, receiver, events, asked, certificates } = await startCaddy(listed)
    const { status, headers } = await askOverTls(port, clickUrl(), {
      ca,
      headers: { 'x-forwarded-for': '203.0.113.9' },
    })
    expect([status, headers.location, headers['cache-control']]).toEqual([302, destination, 'no-store'])
    expect(asked).toEqual(['links.example.com'])
    expect(existsSync(join(certificates, 'links.example.com'))).toBe(true)
    await receiver.drain()
    // Caddy trusts nobody before it: what the reader says of its own address is overwritten.
    expect(events).toMatchObject([{ type: 'click', host: 'links.example.com', clientAddress: '127.0.0.1' }])
  })

  it('gets none for a host that no domain lists', async () => {
    const { port, ca, events, asked, certificates } = await startCaddy(listed)
    const url = clickUrl(destination, otherDomain, 'https://links.other.example')
    await expect(askOverTls(port, url, { ca })).rejects.toThrow(/alert|disconnected|reset/i)
    expect([asked, events]).toEqual([['links.other.example'], []])
    expect(existsSync(join(certificates, 'links.other.example'))).toBe(false)
  })

  it('gets none while the lookup fails, and one as soon as it works', async () => {
    let isDown = true
    const { port, ca, failures } = await startCaddy((host) => {
      if (isDown) throw new Error('the database is down')
      return listed(host)
    })
    await expect(askOverTls(port, clickUrl(), { ca })).rejects.toThrow(/alert|disconnected|reset/i)
    expect(failures).toEqual(['Error: the database is down'])
    isDown = false
    expect((await askOverTls(port, clickUrl(), { ca })).status).toBe(302)
  })
})
