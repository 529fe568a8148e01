import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createNodeListener, createReceiver, type TrackingEvent } from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, openUrl } from './fixtures.ts'
import { ask, askRaw, listen } from './sockets.ts'

const clickPath = new URL(clickUrl()).pathname
const openPath = new URL(openUrl()).pathname
const gif = Buffer.from('R0lGODlhAQABAPAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

const headersOfAll = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
}

describe('createNodeListener', () => {
  const events: TrackingEvent[] = []
  const failures: unknown[] = []
  const contexts: unknown[] = []
  const receiver = createReceiver({
    domains: [
      domain,
      { ...domain, name: 'example.net', trackingDomains: [{ host: 'links.localhost', status: 'verified' }] },
    ],
    onEvent: (event) => events.push(event),
    onError: (failure) => failures.push(failure),
    clientAddress: (request, ...passed) => {
      const [{ incoming, outgoing, ...others }, ...more] = passed as [{ incoming: IncomingMessage; outgoing: unknown }]
      contexts.push([incoming.socket.remoteAddress, outgoing instanceof ServerResponse, others, more])
      return request.headers.get('x-real-ip')
    },
  })
  const listener = createNodeListener(receiver)
  let server: Server
  let port: number

  beforeAll(async () => {
    server = createServer(listener)
    port = await listen(server)
  })
  afterAll(() => {
    server.close()
    expect(failures).toEqual([])
  })

  it('sends a click on, with its length, and records it', async () => {
    const { status, headers, body } = await ask(port, clickPath, { headers: { 'user-agent': 'Reader/1' } })
    const { date: _, connection: __, ...rest } = headers
    expect([status, rest, body.length]).toEqual([
      302,
      { location: destination, 'content-length': '0', ...headersOfAll },
      0,
    ])
    await vi.waitFor(() =>
      expect(events.splice(0)).toMatchObject([{ type: 'click', host: 'links.example.com', userAgent: 'Reader/1' }]),
    )
  })

  it('answers an open with the image, and its length', async () => {
    const { status, headers, body } = await ask(port, openPath)
    const { date: _, connection: __, ...rest } = headers
    expect([status, rest, body]).toEqual([
      200,
      { 'content-type': 'image/gif', 'content-length': '43', ...headersOfAll },
      gif,
    ])
    await vi.waitFor(() => expect(events.splice(0)).toMatchObject([{ type: 'open', userAgent: null }]))
  })

  it('hands hooks the two objects of Node, and headers by their name', async () => {
    contexts.length = 0
    await ask(port, openPath, { headers: { 'X-Real-IP': '203.0.113.9' } })
    await vi.waitFor(() => expect(events.splice(0)).toMatchObject([{ clientAddress: '203.0.113.9' }]))
    expect(contexts).toEqual([['127.0.0.1', true, {}, []]])
  })

  it.each([
    ['GET', `${clickPath}?utm_source=gateway`, 302, '0'],
    ['GET', `/c/../c/./${clickPath.slice(3)}`, 302, '0'],
    ['GET', `${clickPath}A`, 404, '80'],
    ['GET', `${openPath.slice(0, -5)}.gif`, 404, '43'],
    ['GET', '/.well-known/mailtrace', 204, undefined],
    ['HEAD', clickPath, 302, '0'],
    ['HEAD', openPath, 200, '43'],
    ['HEAD', '/nothing', 404, '80'],
    ['POST', clickPath, 405, '37'],
    ['TRACE', clickPath, 405, '37'],
    ['GET', `//c/${clickPath.slice(3)}`, 404, '80'],
    ['GET', '/%', 404, '80'],
  ])('%s %.40s: %i, %s bytes', async (method, path, status, length) => {
    const answer = await ask(port, path, { method })
    expect([answer.status, answer.headers['content-length']]).toEqual([status, length])
    expect(answer.body.length).toBe(method === 'HEAD' ? 0 : Number(length ?? 0))
  })

  // What a proxy in front, or a client of bad manners, may send: the host that counts is the one that it says, or none.
  it.each([
    ['a whole URL, whose host counts', `GET http://links.example.com${clickPath} HTTP/1.1\r\nHost: x\r\n`, 302],
    ['a whole URL in capitals', `GET HTTP://LINKS.EXAMPLE.COM${clickPath} HTTP/1.1\r\nHost: x\r\n`, 302],
    ['a whole URL of another host', `GET http://x${clickPath} HTTP/1.1\r\nHost: links.example.com\r\n`, 404],
    ['a whole URL that is none', `GET http://[${clickPath} HTTP/1.1\r\nHost: links.example.com\r\n`, 400],
    ['a whole URL of another scheme', `GET ftp://links.example.com${clickPath} HTTP/1.1\r\nHost: x\r\n`, 400],
    ['a Host in capitals', `GET ${clickPath} HTTP/1.1\r\nHost: LINKS.Example.com\r\n`, 302],
    ['a Host with a port', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com:443\r\n`, 302],
    ['a Host with another port', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com:8080\r\n`, 404],
    ['a Host with a port that is none', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com:99999\r\n`, 400],
    ['no Host', `GET ${clickPath} HTTP/1.1\r\n`, 400],
    ['no Host, by the older protocol', `GET ${clickPath} HTTP/1.0\r\n`, 400],
    ['an empty Host', `GET ${clickPath} HTTP/1.1\r\nHost:\r\n`, 400],
    [
      'two Hosts, of which the first counts',
      `GET ${clickPath} HTTP/1.1\r\nHost: x\r\nHost: links.example.com\r\n`,
      404,
    ],
    ['a Host with a path', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com/x\r\n`, 400],
    ['a Host that is a whole click', `GET /x HTTP/1.1\r\nHost: links.example.com${clickPath}?\r\n`, 400],
    ['a Host with a query', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com?x\r\n`, 400],
    ['a Host with a fragment', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com#\r\n`, 400],
    ['a Host with a user', `GET ${clickPath} HTTP/1.1\r\nHost: x@links.example.com\r\n`, 400],
    ['a Host with a backslash', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com\\x\r\n`, 400],
    ['a Host of an IPv6 address', `GET ${clickPath} HTTP/1.1\r\nHost: [::1]:8080\r\n`, 404],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: links.example.com\r\n', 400],
    ['a path without its slash', `GET ${clickPath.slice(1)} HTTP/1.1\r\nHost: links.example.com\r\n`, 400],
  ])('%s', async (_, head, status) => {
    const answer = await askRaw(port, `${head}Connection: close\r\n\r\n`)
    expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `)
    expect(/\r\nlocation: (.*)\r\n/i.exec(answer)?.[1]).toBe(status === 302 ? destination : undefined)
  })

  it('answers requests that came at once in their order', async () => {
    const one = (path: string) => `GET ${path} HTTP/1.1\r\nHost: links.example.com\r\n`
    const answers = await askRaw(port, `${one(clickPath)}\r\n${one('/x')}\r\n${one(openPath)}Connection: close\r\n\r\n`)
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 302', 'HTTP/1.1 404', 'HTTP/1.1 200'])
  })

  it('closes the connection where somebody else has answered already', async () => {
    const twice = createServer((incoming, outgoing) => {
      outgoing.writeHead(200)
      outgoing.write('a')
      listener(incoming, outgoing)
    })
    const answer = await askRaw(await listen(twice), 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n').catch(() => '')
    twice.close()
    expect(answer).not.toContain('There is nothing here')
  })

  it('destroys what it cannot write to', async () => {
    const destroyed = new Promise((resolve) => {
      const writeHead = (): never => {
        throw new Error('the headers have been sent')
      }
      listener({ url: '/', headers: { host: 'x' } }, { writeHead, end() {}, destroy: () => resolve('destroyed') })
    })
    expect(await destroyed).toBe('destroyed')
  })

  // Structural types: whatever has these three fields is a request.
  it.each<[string, Parameters<typeof listener>[0], unknown]>([
    ['all of it', { method: 'HEAD', url: '/o/x', headers: { host: 'x' } }, ['HEAD', 'http://x/o/x', null]],
    ['no method', { url: '/', headers: { host: 'x' } }, ['GET', 'http://x/', null]],
    [
      'a header that came twice',
      { url: '/', headers: { host: 'x', cookie: ['a', 'b'] } },
      ['GET', 'http://x/', 'a, b'],
    ],
    ['no target', { headers: { host: 'x' } }, 400],
  ])('reads %s', async (_, incoming, expected) => {
    const seen = await new Promise((resolve) => {
      const listen = createNodeListener({
        answer: async ({ method, url, headers }) => {
          resolve([method, url, headers.get('cookie')])
          return { status: 204, headers: {}, body: null }
        },
      })
      listen(incoming, { writeHead: resolve, end() {}, destroy() {} })
    })
    expect(seen).toEqual(expected)
  })
})
