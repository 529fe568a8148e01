import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { nodeProbe } from '../../src/dns/index.ts'
import { errorOf } from '../kit/error-of.ts'

const requests: IncomingMessage[] = []
const server = createServer((request, response) => {
  requests.push(request)
  if (request.url === '/hang') return
  if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
  else if (request.url === '/large') response.writeHead(200).write('x'.repeat(100_000))
  else response.writeHead(204).end()
})
const noCertificate = createTlsServer()
let port: number
let tlsPort: number
beforeAll(async () => {
  await Promise.all([server, noCertificate].map((each) => once(each.listen(0, '127.0.0.1'), 'listening')))
  port = (server.address() as AddressInfo).port
  tlsPort = (noCertificate.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  noCertificate.close()
})

const init = (timeoutMs = 5000): { redirect: 'manual'; signal: AbortSignal } => ({
  redirect: 'manual',
  signal: AbortSignal.timeout(timeoutMs),
})
const allowed = nodeProbe({ allowAddress: (address) => address === '127.0.0.1' })

describe('where a connection is allowed', () => {
  test.each([
    ['/.well-known/mailtrace', 204],
    ['/moved', 302],
    ['/large', 200],
  ])('%s answers with %i', async (path, status) => {
    expect(await allowed(`http://localhost:${port}${path}`, init())).toEqual({ status })
    expect(requests.at(-1)!.headers).toMatchObject({ host: `localhost:${port}`, connection: 'close' })
  })

  it('takes an address for the host', async () => {
    expect(await allowed(`http://127.0.0.1:${port}/`, init())).toEqual({ status: 204 })
  })

  it('takes the first allowed address where only one is tried', async () => {
    const before = getDefaultAutoSelectFamily()
    setDefaultAutoSelectFamily(false)
    try {
      expect(await allowed(`http://localhost:${port}/`, init())).toEqual({ status: 204 })
      await expect(nodeProbe()(`http://localhost:${port}/`, init())).rejects.toThrow('localhost has no public address')
    } finally {
      setDefaultAutoSelectFamily(before)
    }
  })

  it('speaks TLS where the URL says so', async () => {
    await expect(allowed(`https://localhost:${tlsPort}/`, init())).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_SSL|^EPROTO/),
    })
  })

  it('heeds the signal', async () => {
    await expect(allowed(`http://localhost:${port}/hang`, init(50))).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('hands on that a name is not found', async () => {
    await expect(allowed('http://nobody.invalid/', init())).rejects.toMatchObject({
      code: expect.stringMatching(/^ENOTFOUND|^EAI_AGAIN/),
    })
  })
})

describe('where none is', () => {
  test.each([
    ['localhost', 'localhost has no public address'],
    ['127.0.0.1', '127.0.0.1 is no public address'],
    ['2130706433', '127.0.0.1 is no public address'],
    ['[::1]', '::1 is no public address'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1 is no public address'],
  ])('%s: no connection is made', async (host, message) => {
    const before = requests.length
    await expect(nodeProbe()(`http://${host}:${port}/`, init())).rejects.toThrow(message)
    expect(requests).toHaveLength(before)
  })

  it('a rule that throws refuses', async () => {
    const probe = nodeProbe({
      allowAddress: () => {
        throw new Error('no rule')
      },
    })
    await expect(probe(`http://localhost:${port}/`, init())).rejects.toThrow('no rule')
  })
})

test.each<[object, string]>([
  [{ allowAddress: true }, 'allowAddress is true: use a function'],
  [{ allow: () => true }, 'options has no field "allow": use allowAddress'],
])('refuses %j', (options, message) => {
  expect(errorOf(() => nodeProbe(options))).toEqual({ code: 'invalid-options', message })
})

it('says so where there is no node:https', () => {
  vi.stubGlobal('process', { getBuiltinModule: () => undefined })
  try {
    expect(errorOf(() => nodeProbe())).toEqual({
      code: 'unsupported-platform',
      message: 'this platform has no node:http: use fetch, where it reaches no private network',
    })
  } finally {
    vi.unstubAllGlobals()
  }
})
