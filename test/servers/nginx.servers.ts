import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createNodeListener,
  createReceiver,
  forwardedAddress,
  forwardedHost,
  type Miss,
  type ReceiverOptions,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { clickUrl, destination, domain } from '../receiver/fixtures.ts'
import { blockUnder } from '../receiver/guide.ts'
import { askOverTls, freePort, serve, start, temporaryFolder } from './stage.ts'

const binary = process.env.NGINX ?? '/usr/sbin/nginx'

/** nginx with the guide's server, changed as said: its certificate is made here, and the ports are others. */
async function startNginx(change: (server: string) => string, options: Partial<ReceiverOptions> = {}) {
  const events: TrackingEvent[] = []
  const misses: Miss[] = []
  const receiver = createReceiver({
    domains: domain,
    onEvent: (event) => events.push(event),
    onMiss: (miss) => misses.push(miss),
    clientAddress: forwardedAddress(1),
    ...options,
  })
  const behind = await serve(createNodeListener(receiver))
  const port = await freePort()
  const folder = temporaryFolder()
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=links.example.com', '-addext', 'subjectAltName=DNS:links.example.com']
  const files = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...files, ...subject], { stdio: 'ignore' })
  const server = change(blockUnder('nginx'))
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate \S+;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${key};`)
    .replace('127.0.0.1:8080', `127.0.0.1:${behind}`)
  mkdirSync(join(folder, 'logs'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  const text = `pid ${folder}/pid;\nevents {}\nhttp {\naccess_log off;\n${paths.join('\n')}\n${server}}\n`
  writeFileSync(join(folder, 'nginx.conf'), text)
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off; master_process off;']
  await start(binary, args, {}, port)
  const ask = (headers = {}) => askOverTls(port, clickUrl(), { ca: readFileSync(certificate), headers })
  return { ask, receiver, events, misses, behind }
}

const asInTheGuide = (server: string): string => server
const withoutHost = (server: string): string => server.replace(/ *proxy_set_header Host .*\n/, '')
const withForwardedHost = (server: string): string => server.replace('Host $host', 'X-Forwarded-Host $host')

describe('nginx', () => {
  it('as in the guide passes the host on, and says who asked whatever the reader says', async () => {
    const { ask, receiver, events } = await startNginx(asInTheGuide)
    const { status, headers } = await ask({ 'x-forwarded-for': '203.0.113.9' })
    await receiver.drain()
    expect([status, headers.location]).toEqual([302, destination])
    expect(events).toMatchObject([{ type: 'click', host: 'links.example.com', clientAddress: '127.0.0.1' }])
  })

  it('without a line for Host makes every link a 404, and onMiss says why', async () => {
    const { ask, receiver, misses, behind } = await startNginx(withoutHost)
    expect((await ask()).status).toBe(404)
    await receiver.drain()
    expect(misses).toEqual([{ reason: 'unknown-host', type: 'click', host: `127.0.0.1:${behind}`, domain: null }])
  })

  it('that puts the host into X-Forwarded-Host is understood by forwardedHost', async () => {
    const { ask, receiver, events } = await startNginx(withForwardedHost, { host: forwardedHost() })
    expect((await ask()).status).toBe(302)
    await receiver.drain()
    expect(events).toMatchObject([{ host: 'links.example.com' }])
  })
})
