import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { EmailClickedEvent, EmailOpenedEvent } from 'resend'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type ClickEvent,
  createWebhookSink,
  type OpenEvent,
  type ReceiverFailure,
  type TrackingEvent,
  type WebhookSinkOptions,
} from '../../src/receiver/index.ts'
import { destination, nowMs } from './fixtures.ts'
import { listen } from './sockets.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const newSecret = 'whsec_bmV3IHNlY3JldCwgb2YgdGhpcnR5LXR3byBieXRlcyE='

const open: OpenEvent = {
  type: 'open',
  id: 'open-1',
  mode: 'full',
  pixel: 'end',
  messageRef: 'message-1',
  campaignRef: null,
  domain: 'example.com',
  host: 'links.example.com',
  time: nowMs,
  issuedAt: nowMs - 60_000,
  userAgent: 'Reader/1',
  clientAddress: '203.0.113.9',
  signals: [],
}
const { pixel: _, ...fields } = open
const click: ClickEvent = { ...fields, type: 'click', id: 'click-1', mode: 'full', part: 'html', index: 3, destination }

interface Hook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Given, in turn, to what comes; then 204. */
type Turn = number | 'hang' | 'break' | ((response: ServerResponse) => void)

const hooks: Hook[] = []
let turns: Turn[] = []
let port: number
const server = createServer(async (incoming: IncomingMessage, outgoing) => {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  hooks.push({ headers: incoming.headers, body })
  const turn = turns.shift() ?? 204
  if (turn === 'break') incoming.socket.destroy()
  else if (typeof turn === 'function') turn(outgoing)
  else if (turn !== 'hang') outgoing.writeHead(turn).end(turn === 204 ? undefined : 'an answer that nobody reads')
})
beforeAll(async () => {
  port = await listen(server)
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
afterEach(() => {
  hooks.splice(0)
  turns = []
})

function setUp(options: Partial<WebhookSinkOptions> = {}) {
  const failures: ReceiverFailure[] = []
  const sink = createWebhookSink({
    url: `http://127.0.0.1:${port}/hooks?key=hidden`,
    secret,
    onError: (failure) => failures.push(failure),
    maxAgeMs: 1,
    retryDelayMs: 1,
    ...options,
  })
  const send = async (...events: TrackingEvent[]) => {
    for (const event of events) sink.add(event)
    await sink.close()
  }
  return { sink, send, failures }
}

const failure = (events: readonly TrackingEvent[], message: string) => ({
  source: 'sink',
  cause: expect.objectContaining({ name: 'MailtraceError', code: 'webhook-failed', message }),
  events,
})
const withId = (id: string): TrackingEvent => ({ ...click, id })
const ids = () => hooks.map(({ headers }) => headers['webhook-id'])

describe('a request', () => {
  it('is what the standard asks for, and is verified by its own package', async () => {
    const { send, failures } = setUp()
    await send(click)
    const [{ headers, body } = expect.fail()] = hooks
    expect(failures).toEqual([])
    expect([headers['content-type'], headers['webhook-id']]).toEqual(['application/json', 'click-1'])
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({
      type: 'email.clicked',
      timestamp: '2026-01-15T12:00:00.000Z',
      data: click,
    })
    expect(() => new Webhook(newSecret).verify(body, headers as Record<string, string>)).toThrow(
      'No matching signature',
    )
  })

  it('of an open has its own type', async () => {
    await setUp().send(open)
    expect(JSON.parse(hooks[0]!.body)).toEqual({
      type: 'email.opened',
      timestamp: '2026-01-15T12:00:00.000Z',
      data: open,
    })
  })

  it('is signed with the time of the try, in seconds', async () => {
    turns = [503]
    let time = 1_768_478_400_999
    await setUp({ now: () => (time += 1000) }).send(click)
    expect(hooks.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1768478401', '1768478402'])
    const signatures = hooks.map(({ headers }) => headers['webhook-signature'])
    const webhook = new Webhook(secret)
    expect(signatures).toEqual(
      [1_768_478_401_000, 1_768_478_402_000].map((at) => webhook.sign('click-1', new Date(at), hooks[0]!.body)),
    )
  })

  it('carries a signature of each secret while they rotate', async () => {
    await setUp({ secret: [newSecret, secret] }).send(click)
    const [{ headers, body } = expect.fail()] = hooks
    expect(headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/)
    for (const known of [secret, newSecret]) {
      expect(new Webhook(known).verify(body, headers as Record<string, string>)).toMatchObject({
        data: { id: 'click-1' },
      })
    }
  })

  it('carries what is no ASCII unharmed', async () => {
    await setUp().send({ ...click, destination: 'https://münchen.example/ä?ö=😀' })
    const [{ headers, body } = expect.fail()] = hooks
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      data: { destination: 'https://münchen.example/ä?ö=😀' },
    })
  })
})

describe('format "resend"', () => {
  const opened: EmailOpenedEvent = {
    type: 'email.opened',
    created_at: '2026-01-15T12:00:00.000Z',
    data: {
      email_id: 'message-1',
      created_at: '2026-01-15T11:59:00.000Z',
      message_id: '',
      from: '',
      to: [],
      subject: '',
    },
  }
  const clicked: EmailClickedEvent = {
    type: 'email.clicked',
    created_at: '2026-01-15T12:00:00.000Z',
    data: {
      ...opened.data,
      click: {
        ipAddress: '203.0.113.9',
        link: destination,
        timestamp: '2026-01-15T12:00:00.000Z',
        userAgent: 'Reader/1',
      },
    },
  }
  const cases: [what: string, event: TrackingEvent, expected: EmailOpenedEvent | EmailClickedEvent][] = [
    ['an open', open, opened],
    ['a click', click, clicked],
    [
      'an open whose time of issue nobody knows',
      { ...open, issuedAt: null },
      { ...opened, data: { ...opened.data, created_at: opened.created_at } },
    ],
    [
      'a click of which nothing may be known',
      { ...click, mode: 'identified', userAgent: null, clientAddress: null },
      { ...clicked, data: { ...clicked.data, click: { ...clicked.data.click, ipAddress: '', userAgent: '' } } },
    ],
    [
      'an anonymous open',
      { ...open, mode: 'anonymous', messageRef: null, campaignRef: 'july' },
      { ...opened, data: { ...opened.data, email_id: '', broadcast_id: 'july' } },
    ],
  ]
  it.each(cases)('%s', async (__, event, expected) => {
    await setUp({ format: 'resend' }).send(event)
    expect(JSON.parse(hooks[0]!.body)).toEqual(expected)
  })

  const message = {
    from: 'Shop <shop@example.com>',
    to: ['reader@example.net'],
    subject: 'Sale',
    message_id: '<1@example.com>',
    created_at: '2026-01-15T11:00:00.000Z',
    broadcast_id: 'b1',
    template_id: 't1',
    tags: { kind: 'newsletter' },
  }
  it.each<[string, WebhookSinkOptions['describeMessage']]>([
    ['at once', () => message],
    ['later', async () => message],
  ])('says what describeMessage says %s', async (__, describeMessage) => {
    const seen = vi.fn(describeMessage)
    await setUp({ format: 'resend', describeMessage: seen }).send({ ...open, campaignRef: 'july' })
    const expected: EmailOpenedEvent = { ...opened, data: { email_id: 'message-1', ...message } }
    expect(JSON.parse(hooks[0]!.body)).toEqual(expected)
    expect(seen.mock.calls).toEqual([[{ ...open, campaignRef: 'july' }]])
  })

  it('does with a message that nobody knows, and tries again where describeMessage fails', async () => {
    const describeMessage = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(null)
    const { send, failures } = setUp({ format: 'resend', describeMessage })
    await send(open)
    expect([hooks.map(({ body }) => JSON.parse(body)), failures]).toEqual([[opened], []])
  })
})

describe('tries', () => {
  it.each([200, 201, 202, 204, 299])('one where the endpoint answers %i', async (status) => {
    turns = [status]
    const { send, failures } = setUp()
    await send(click)
    expect([ids(), failures]).toEqual([['click-1'], []])
  })

  it.each<[string, Turn]>([
    ['408', 408],
    ['425', 425],
    ['429', 429],
    ['500', 500],
    ['503', 503],
    ['599', 599],
    ['nothing, and closes', 'break'],
  ])('another with the same id where it answers %s', async (__, turn) => {
    turns = [turn, turn]
    const { send, failures } = setUp()
    await send(click)
    expect([ids(), failures]).toEqual([['click-1', 'click-1', 'click-1'], []])
  })

  it.each([300, 301, 302, 307, 400, 401, 403, 404, 409, 410, 413, 422])(
    'no other where it answers %i: the event goes to onError at once',
    async (status) => {
      turns = [(response) => response.writeHead(status, { location: '/elsewhere' }).end()]
      const { send, failures } = setUp()
      await send(click)
      expect(ids()).toEqual(['click-1'])
      expect(failures).toEqual([
        failure([click], `"127.0.0.1:${port}" answered ${status}: it must answer an event with 2xx`),
      ])
    },
  )

  it('as many as maxAttempts, and then gives up', async () => {
    turns = [500, 500, 503]
    const { send, failures } = setUp({ maxAttempts: 3 })
    await send(click)
    expect(ids()).toEqual(['click-1', 'click-1', 'click-1'])
    expect(failures).toEqual([failure([click], `"127.0.0.1:${port}" answered 503: it must answer an event with 2xx`)])
  })

  it('only what was not taken', async () => {
    turns = [204, 500, 410]
    const { send, failures } = setUp()
    await send(...['a', 'b', 'c'].map(withId))
    expect(ids().slice(0, 3).sort()).toEqual(['a', 'b', 'c'])
    expect(ids()).toHaveLength(4)
    expect(failures).toHaveLength(1)
    expect(ids()[3]).not.toBe(failures[0]!.events[0]!.id)
  })

  it('and gives up only what was not taken', async () => {
    const fetch = vi.fn(
      async (__: string, { headers }: RequestInit) =>
        new Response(null, { status: (headers as Record<string, string>)['webhook-id'] === 'b' ? 500 : 204 }),
    )
    const { send, failures } = setUp({ maxAttempts: 2, fetch })
    await send(...['a', 'b', 'c'].map(withId))
    expect(fetch).toHaveBeenCalledTimes(4)
    expect(failures).toEqual([
      failure([withId('b')], `"127.0.0.1:${port}" answered 500: it must answer an event with 2xx`),
    ])
  })

  it('the same event again when it comes again later', async () => {
    const { sink, failures } = setUp()
    sink.add(click)
    await vi.waitFor(() => expect(ids()).toEqual(['click-1']))
    sink.add(click)
    await sink.close()
    expect([ids(), failures]).toEqual([['click-1', 'click-1'], []])
  })

  it('ten at the same time, unless maxBatchSize says otherwise', async () => {
    const running = { now: 0, most: 0 }
    const fetch = async () => {
      running.most = Math.max(running.most, ++running.now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running.now--
      return new Response(null, { status: 204 })
    }
    const events = Array.from({ length: 25 }, (__, at) => withId(`${at}`))
    await setUp({ fetch }).send(...events)
    expect(running).toEqual({ now: 0, most: 10 })
    running.most = 0
    await setUp({ fetch, maxBatchSize: 3 }).send(...events)
    expect(running).toEqual({ now: 0, most: 3 })
  })
})

describe('an endpoint that hangs', () => {
  it('is left, its request ended, and asked again', async () => {
    const closed: Promise<unknown>[] = []
    turns = [(response) => void closed.push(once(response, 'close'))]
    const { sink, failures } = setUp({ writeTimeoutMs: 50 })
    sink.add(click)
    await vi.waitFor(() => expect(ids()).toEqual(['click-1', 'click-1']))
    await Promise.all(closed)
    await sink.close()
    expect(failures).toEqual([])
  })

  it('is given up when the sink closes, and its request ended', async () => {
    const closed: Promise<unknown>[] = []
    turns = [(response) => void closed.push(once(response, 'close'))]
    const { sink, failures } = setUp({ closeTimeoutMs: 50 })
    sink.add(click)
    await vi.waitFor(() => expect(closed).toHaveLength(1))
    await sink.close()
    await Promise.all(closed)
    const message = '"close" did not settle within 50 ms: make it faster, or allow it more time'
    expect(failures).toEqual([
      { source: 'sink', cause: expect.objectContaining({ code: 'timed-out', message }), events: [click] },
    ])
  })
})

describe('an error', () => {
  it('names the endpoint and why, and nothing that was sent', async () => {
    const gone = createServer()
    const goneAt = await listen(gone)
    gone.close()
    const { send, failures } = setUp({ url: `http://127.0.0.1:${goneAt}/hooks?key=hidden`, maxAttempts: 1 })
    await send(click)
    expect(failures).toEqual([
      failure([click], `"127.0.0.1:${goneAt}" could not be asked (ECONNREFUSED): see that it is up`),
    ])
    expect((failures[0]!.cause as Error).cause).toBeUndefined()
  })

  it('says the name of what a fetch throws that has no code', async () => {
    const fetch = () => Promise.reject(new TypeError(`${secret} message-1`))
    const { send, failures } = setUp({ fetch, maxAttempts: 1 })
    await send(click)
    expect(failures).toEqual([
      failure([click], `"127.0.0.1:${port}" could not be asked (TypeError): see that it is up`),
    ])
  })

  it('of onError is printed', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    turns = [410]
    await setUp({ onError: () => Promise.reject(new Error('lost')) }).send(click)
    expect(printed.mock.calls).toEqual([['mailtrace: onError failed', new Error('lost')]])
    printed.mockRestore()
  })

  it('of the sink itself comes through: what came after close', async () => {
    const { sink, failures } = setUp()
    await sink.close()
    sink.add(click)
    expect(failures).toMatchObject([{ source: 'sink', cause: { code: 'sink-closed' }, events: [{ id: 'click-1' }] }])
  })
})

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64')
const badSecret = 'secret is no "whsec_" with base64 behind it: use one like that'
const known =
  'url, secret, format, describeMessage, fetch, now, onError, maxBatchSize, maxAgeMs, maxHeld, maxAttempts, retryDelayMs, writeTimeoutMs, closeTimeoutMs, schedule'

describe('createWebhookSink', () => {
  const good: WebhookSinkOptions = { url: 'https://app.example.com/hooks', secret, onError: () => {} }

  it.each<[string, unknown, string]>([
    ['no options', null, 'options is null: use an object'],
    ['an unknown option', { ...good, write: 1 }, `options has no field "write": use ${known}`],
    ['no url', { ...good, url: undefined }, 'url is no absolute http or https URL: use that of the endpoint'],
    ['a relative url', { ...good, url: '/hooks' }, 'url is no absolute http or https URL: use that of the endpoint'],
    [
      'a url of another scheme',
      { ...good, url: 'ftp://x/' },
      'url is no absolute http or https URL: use that of the endpoint',
    ],
    [
      'a url that is none',
      { ...good, url: 'https://[' },
      'url is no absolute http or https URL: use that of the endpoint',
    ],
    [
      'a url with a user name',
      { ...good, url: 'https://user@x/' },
      'url has a user name or a password, which fetch refuses: the signature tells who sends',
    ],
    [
      'a url with a password',
      { ...good, url: 'https://:hidden@x/' },
      'url has a user name or a password, which fetch refuses: the signature tells who sends',
    ],
    ['no secret', { ...good, secret: undefined }, 'secret is undefined: use an array'],
    ['no secret in a list', { ...good, secret: [] }, 'secret is an empty array: use at least one'],
    ['a secret without its prefix', { ...good, secret: base64(32) }, badSecret],
    ['a secret that is no base64', { ...good, secret: 'whsec_hidden!' }, badSecret],
    ['a secret of a length that base64 cannot have', { ...good, secret: 'whsec_AAAAA' }, badSecret],
    ['a second secret that is none', { ...good, secret: [secret, 7] }, badSecret],
    ['a list in a list', { ...good, secret: [[secret]] }, badSecret],
    [
      'a secret of 23 bytes',
      { ...good, secret: `whsec_${base64(23)}` },
      'secret has 23 bytes: use 24 to 64 random ones, in base64 behind "whsec_"',
    ],
    [
      'a secret of 65 bytes',
      { ...good, secret: `whsec_${base64(65)}` },
      'secret has 65 bytes: use 24 to 64 random ones, in base64 behind "whsec_"',
    ],
    ['an unknown format', { ...good, format: 'xml' }, 'format is "xml": use one of standard, resend'],
    [
      'a describeMessage that is none',
      { ...good, format: 'resend', describeMessage: 1 },
      'describeMessage is 1: use a function',
    ],
    [
      'a describeMessage for another format',
      { ...good, describeMessage: () => null },
      'describeMessage is for format "resend", and format is "standard": use both or none',
    ],
    ['a fetch that is none', { ...good, fetch: 1 }, 'fetch is 1: use a function'],
    ['a now that is none', { ...good, now: 1 }, 'now is 1: use a function'],
    ['no onError', { ...good, onError: undefined }, 'onError is undefined: use a function'],
    ['what the batching sink refuses', { ...good, maxHeld: 0 }, 'maxHeld is 0: use a whole number of 1 to 1000000'],
  ])('refuses %s', (__, options, message) => {
    expect(() => createWebhookSink(options as WebhookSinkOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    )
  })

  it.each([24, 64])('takes a secret of %i bytes', (bytes) => {
    expect(createWebhookSink({ ...good, secret: `whsec_${base64(bytes)}` })).toBeDefined()
  })
})
