import { afterEach, describe, expect, it, vi } from 'vitest'
import { readTrackingUrl } from '../../src/index.ts'
import {
  type MailData,
  type MailOutcome,
  mailtrace,
  type PluginOptions,
  type RecipientModes,
} from '../../src/nodemailer/index.ts'
import { errorOf } from '../kit/error-of.ts'
import { nodemailers } from './nodemailers.ts'
import { causeOf, domain, type Message, nowMs, plain, send } from './sending.ts'

const text = 'Sale: https://shop.example/sale'

describe('the outcome', () => {
  it('is all that an application stores, plain data', async () => {
    const { outcomes } = await send({ ...plain, text, mailtrace: { messageRef: 'message-4711' } }, { text: true })
    expect(JSON.parse(JSON.stringify(outcomes))).toEqual([
      {
        kind: 'instrumented',
        domain: 'example.com',
        activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
        messageRef: 'message-4711',
        campaignRef: null,
        sentAt: nowMs,
        pixel: { kind: 'placed', urls: [expect.stringMatching(/^https:\/\/links\.example\.com\/o\//)] },
        links: [
          {
            kind: 'tracked',
            index: 0,
            element: 'a',
            name: null,
            destination: 'https://shop.example/sale',
            url: expect.stringMatching(/^https:\/\/links\.example\.com\/c\//),
            start: 12,
            end: 37,
          },
        ],
        textLinks: [
          {
            kind: 'tracked',
            index: 0,
            destination: 'https://shop.example/sale',
            url: expect.stringMatching(/^https:\/\/links\.example\.com\/c\//),
            start: 6,
            end: 31,
          },
        ],
        untouched: { html: null, text: null },
      },
    ])
  })

  it('stands on the mail data too, beside what the message says of itself', async () => {
    const { outcomes, data } = await send({ ...plain, mailtrace: { messageRef: 'm1' } })
    expect(data.mailtrace).toEqual({ messageRef: 'm1', outcome: outcomes[0] })
    expect((await send({ ...plain, html: undefined })).data.mailtrace).toEqual({
      outcome: { kind: 'untouched', reason: 'absent' },
    })
  })

  it('comes with the message, before it is sent', async () => {
    const order: string[] = []
    const onOutcome = async ({ kind }: MailOutcome, { orderId }: MailData) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(`${kind} ${orderId}`)
    }
    await send({ ...plain, orderId: 7 }, { onOutcome }).then(({ data }) => order.push(`sent ${data.orderId}`))
    expect(order).toEqual(['instrumented 7', 'sent 7'])
  })

  it.each<[string, Message, Partial<PluginOptions>, unknown]>([
    [
      'text alone',
      { html: undefined, text },
      { text: true },
      {
        messageRef: 'm1',
        pixel: { kind: 'skipped', reason: 'off' },
        links: [],
        untouched: { html: 'absent', text: null },
      },
    ],
    [
      'text alone, without opens',
      { html: undefined, text, mailtrace: { messageRef: 'm1', openTracking: false } },
      { text: true },
      { messageRef: 'm1', activation: { open: false }, pixel: { kind: 'skipped', reason: 'off' } },
    ],
    [
      'nothing to carry the reference',
      { html: 'x', mailtrace: { messageRef: 'm1', openTracking: false } },
      {},
      { messageRef: null },
    ],
    [
      'a reference in the text alone',
      { html: 'x', text, mailtrace: { messageRef: 'm1', openTracking: false } },
      { text: true },
      { messageRef: 'm1' },
    ],
    [
      'anonymous opens',
      { mailtrace: { messageRef: 'm1', campaignRef: 'c1', openTracking: 'anonymous' } },
      {},
      { messageRef: 'm1', campaignRef: 'c1' },
    ],
    [
      'anonymous clicks',
      { mailtrace: { campaignRef: 'c1', openTracking: false, clickTracking: 'anonymous' } },
      {},
      { messageRef: null, campaignRef: 'c1' },
    ],
    [
      'a campaign that nothing is reported with',
      { mailtrace: { messageRef: 'm1', campaignRef: 'c1' } },
      {},
      { messageRef: 'm1', campaignRef: null },
    ],
    [
      'both places for a pixel',
      { html: `<body><p>${'News '.repeat(9999)}</p></body>` },
      { pixelPlacement: 'both' },
      { pixel: { urls: [expect.anything(), expect.anything()] } },
    ],
    [
      'a short limit',
      { html: `<a href="https://shop.example/${'x'.repeat(300)}">x</a>` },
      { maxUrlLength: 256 },
      { links: [{ reason: 'too-long' }] },
    ],
    [
      'a short limit for text',
      { text: `https://shop.example/${'x'.repeat(300)}` },
      { maxUrlLength: 256, text: true },
      { textLinks: [{ reason: 'too-long' }] },
    ],
  ])('%s', async (_, message, options, outcome) => {
    const { outcomes, failures } = await send({ ...plain, mailtrace: { messageRef: 'm1' }, ...message }, options)
    expect(failures).toEqual([])
    expect(outcomes).toMatchObject([outcome])
  })

  it.each<[string, Message, Partial<PluginOptions>]>([
    ['tracking-disabled', { mailtrace: { openTracking: false, clickTracking: false } }, {}],
    ['no-tracking-domain', {}, { domain: { ...domain, trackingDomains: [] } }],
    [
      'cname-unverified',
      {},
      { domain: { ...domain, trackingDomains: [{ host: 'links.example.com', status: 'pending' }] } },
    ],
  ])('%s leaves the message as it is', async (reason, message, options) => {
    const sent = await send({ ...plain, ...message }, options)
    expect(sent.outcomes).toEqual([{ kind: 'untouched', reason }])
    expect(sent.data.html).toBe(plain.html)
  })
})

describe('the references', () => {
  it('are one for all recipients and both parts, made anew for each message', async () => {
    const refs = await Promise.all(
      [1, 2].map(async () => {
        const { outcomes } = await send(
          { ...plain, text, to: 'a@x.example, b@x.example', bcc: 'c@x.example' },
          { text: true },
        )
        const [outcome] = outcomes
        if (outcome?.kind !== 'instrumented' || outcome.pixel.kind !== 'placed') throw new Error('not instrumented')
        const urls = [...outcome.links, ...outcome.textLinks].flatMap((link) =>
          link.kind === 'tracked' ? [link.url] : [],
        )
        const found = [...urls, ...outcome.pixel.urls].map((url) => readTrackingUrl(url, domain)?.messageRef)
        expect(found).toEqual([outcome.messageRef, outcome.messageRef, outcome.messageRef])
        return outcome.messageRef
      }),
    )
    expect(refs).toEqual([expect.stringMatching(/^[\w-]{22}$/), expect.stringMatching(/^[\w-]{22}$/)])
    expect(refs[0]).not.toBe(refs[1])
  })

  it('are issued when the message is sent', async () => {
    const { outcomes } = await send(plain)
    const [outcome] = outcomes
    const [link] = outcome?.kind === 'instrumented' ? outcome.links : []
    expect(readTrackingUrl(link?.kind === 'tracked' ? link.url : '', domain)?.issuedAt).toBe(1_768_478_400_000)
  })

  it('are now, unless another time is given', async () => {
    const before = Date.now()
    const { outcomes } = await send(plain, { now: undefined })
    const sentAt = outcomes[0]?.kind === 'instrumented' ? outcomes[0].sentAt : 0
    expect(sentAt).toBeGreaterThanOrEqual(before)
    expect(sentAt).toBeLessThanOrEqual(Date.now())
  })
})

describe('the domain', () => {
  const lookup = vi.fn((name: string, _: MailData) => (name === 'example.com' ? domain : null))
  afterEach(() => void lookup.mockClear())

  it.each<[string, Message, string | null]>([
    ['text', { from: 'News <news@Example.COM>' }, 'example.com'],
    ['an object', { from: { name: 'News', address: 'news@example.com' } }, 'example.com'],
    ['a list', { from: [{ name: '', address: 'a@other.example' }, 'news@example.com'] as never }, 'other.example'],
    ['a header', { from: undefined, headers: { From: 'news@example.com' } }, 'example.com'],
    ['an international name', { from: 'news@m\u00fcnchen.example' }, 'xn--mnchen-3ya.example'],
    ['none', { from: undefined, envelope: { from: 'news@example.com', to: 'ada@example.org' } }, null],
    [
      'none that can be read for certain',
      { from: 'News news@example.com', envelope: { from: 'news@example.com', to: 'ada@example.org' } },
      null,
    ],
    ['no host name', { from: { name: '', address: 'news@exa_mple-.com' } }, null],
  ])('is looked up by the From address: %s', async (_, message, name) => {
    const { outcomes, failures } = await send({ ...plain, ...message, user: 7 }, { domain: lookup })
    expect(lookup.mock.calls.map(([from, { user }]) => [from, user])).toEqual(name === null ? [] : [[name, 7]])
    expect([outcomes[0]?.kind, failures]).toEqual([name === 'example.com' ? 'instrumented' : 'untouched', []])
    if (name !== 'example.com') expect(outcomes).toEqual([{ kind: 'untouched', reason: 'unknown-domain' }])
  })

  it.each([null, undefined])('that the lookup does not know (%s) leaves its mail as it is', async (found) => {
    expect((await send(plain, { domain: async () => found })).outcomes).toEqual([
      { kind: 'untouched', reason: 'unknown-domain' },
    ])
  })

  it('may come later', async () => {
    expect((await send(plain, { domain: async () => ({ ...domain }) })).outcomes).toMatchObject([
      { kind: 'instrumented', domain: 'example.com' },
    ])
  })

  it('that is fixed holds whatever From says', async () => {
    expect((await send({ ...plain, from: 'news@news.example.com' })).outcomes).toMatchObject([{ kind: 'instrumented' }])
  })

  it('that is a plain configuration may change', async () => {
    const config = { ...domain, openTracking: true }
    const plugin = mailtrace({ domain: config, now: () => nowMs })
    config.openTracking = false
    const mail = {
      data: { ...plain },
      resolveContent: (data: object, key: string, done: (error: null, content: unknown) => void) =>
        done(null, (data as never)[key]),
    }
    await new Promise((resolve) => plugin(mail, resolve))
    expect(mail.data.mailtrace).toMatchObject({ outcome: { activation: { open: false, click: 'full' } } })
  })
})

describe('what fails sends the message untracked, and onError hears of it', () => {
  const down = () => {
    throw new Error('the database is down')
  }
  const never = () => new Promise<never>(() => {})
  const slow = (what: string) => `"${what}" did not settle within 20 ms: make it faster, or allow it more time`
  const rows: [
    what: string,
    message: Message,
    options: Partial<PluginOptions>,
    cause: readonly [string, unknown, string],
  ][] = [
    ['the lookup throws', {}, { domain: down }, ['domain', undefined, 'the database is down']],
    ['the lookup rejects', {}, { domain: async () => down() }, ['domain', undefined, 'the database is down']],
    ['the lookup hangs', {}, { domain: never }, ['domain', 'timed-out', slow('domain')]],
    [
      'the lookup gives something else',
      {},
      { domain: () => ({ name: 'example.com' }) as never },
      ['domain', 'invalid-config', 'trackingDomains is undefined: use an array'],
    ],
    ['onOutcome throws', {}, { onOutcome: down }, ['onOutcome', undefined, 'the database is down']],
    ['onOutcome rejects', {}, { onOutcome: async () => down() }, ['onOutcome', undefined, 'the database is down']],
    ['onOutcome hangs', {}, { onOutcome: never }, ['onOutcome', 'timed-out', slow('onOutcome')]],
    ['skipLink throws', { mailtrace: { skipLink: down } }, {}, ['html', undefined, 'the database is down']],
    [
      'the clock is wrong',
      {},
      { now: () => 1_768_478_400 },
      ['now', 'invalid-options', 'now() is 1768478400: use milliseconds since the epoch, of the years 2000 to 2106'],
    ],
    [
      'a field that is not known',
      { mailtrace: { ref: 'm1' } as never },
      {},
      [
        'mailtrace',
        'invalid-options',
        'mailtrace has no field "ref": use openTracking, clickTracking, messageRef, campaignRef, skipLink, skipUrls, outcome',
      ],
    ],
    [
      'no object',
      { mailtrace: 'm1' as never },
      {},
      ['mailtrace', 'invalid-options', 'mailtrace is a string: use an object'],
    ],
    ['null', { mailtrace: null as never }, {}, ['mailtrace', 'invalid-options', 'mailtrace is null: use an object']],
    [
      'a mode that is not known',
      { mailtrace: { openTracking: 'some' as never } },
      {},
      [
        'mailtrace',
        'invalid-options',
        'openTracking is "some": use true, false or one of full, identified, day, anonymous',
      ],
    ],
    [
      'a messageRef that does not fit',
      { mailtrace: { messageRef: '' } },
      {},
      [
        'html',
        'invalid-message-ref',
        'messageRef is a string of 0 characters that does not fit: use 1 to 128 bytes of well-formed UTF-8',
      ],
    ],
    [
      'skipUrls that are no list',
      { mailtrace: { skipUrls: 'https://shop.example/' as never } },
      {},
      ['mailtrace', 'invalid-options', 'skipUrls is a string: use an array'],
    ],
  ]
  describe.each(rows)('%s', (_, message, options, cause) => {
    it('by default', async () => {
      const sent = await send({ ...plain, text, ...message }, { text: true, timeoutMs: 20, ...options })
      expect(sent.failures.map(causeOf)).toEqual([cause])
      expect(sent.error).toBe(null)
      expect([sent.data.html, sent.data.text]).toEqual([plain.html, text])
      expect(sent.data.mailtrace).toMatchObject({ outcome: { kind: 'untouched', reason: 'failed' } })
    })

    it('in strict mode the send fails instead', async () => {
      const sent = await send({ ...plain, ...message }, { timeoutMs: 20, ...options, strict: true })
      expect(sent.error).toMatchObject({ message: cause[2] })
      expect([sent.raw, sent.failures]).toEqual(['', []])
    })
  })

  it('what is thrown may be anything', async () => {
    const sent = await send(plain, { strict: true, domain: () => Promise.reject('down') })
    expect(sent.error?.message).toContain('down')
  })

  it('an outcome of a message that is untouched anyway may fail too', async () => {
    const sent = await send({ ...plain, html: undefined, text }, { onOutcome: down })
    expect(sent.failures.map(causeOf)).toEqual([['onOutcome', undefined, 'the database is down']])
    expect(sent.error).toBe(null)
  })
})

describe('onError', () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterEach(() => void error.mockClear())
  const tracking = (): RecipientModes => {
    throw new Error('down')
  }

  it('prints a line without the message by default', async () => {
    const { error: failed } = await send(plain, { tracking, onError: undefined })
    expect(failed).toBe(null)
    expect(error.mock.calls).toEqual([
      ['mailtrace: tracking failed, the message goes out untracked', new Error('down')],
    ])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('full')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('full')
      },
    ],
  ])('that %s harms nobody', async (_, onError) => {
    const sent = await send(plain, { tracking, onError })
    await new Promise((resolve) => setTimeout(resolve))
    expect([sent.error, sent.outcomes]).toEqual([null, [{ kind: 'untouched', reason: 'failed' }]])
    expect(error.mock.calls).toEqual([
      ['mailtrace: tracking failed, the message goes out untracked', new Error('full')],
    ])
  })

  it('that never settles delays nobody', async () => {
    expect((await send(plain, { tracking, onError: () => new Promise(() => {}) })).error).toBe(null)
  })
})

describe('a message that is given up', () => {
  it('is no longer told of', async () => {
    const controller = new AbortController()
    const sent = await send(
      { ...plain, signal: controller.signal },
      {
        domain: () => {
          controller.abort()
          return domain
        },
      },
    )
    await new Promise((resolve) => setTimeout(resolve))
    expect([sent.error?.name, sent.outcomes, sent.failures]).toEqual(['AbortError', [], []])
  })

  it('only then', async () => {
    expect((await send({ ...plain, signal: new AbortController().signal })).outcomes).toMatchObject([
      { kind: 'instrumented' },
    ])
    expect((await send({ ...plain, signal: null as never })).outcomes).toMatchObject([{ kind: 'instrumented' }])
  })
})

describe('twice is once', () => {
  it('where the plugin is in use twice', async () => {
    const [, nodemailer] = nodemailers.at(-1)!
    const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true })
    const outcomes: MailOutcome[] = []
    const plugin = mailtrace({ domain, onOutcome: (outcome) => outcomes.push(outcome) })
    transporter.use('compile', plugin).use('compile', plugin)
    const { message } = await transporter.sendMail(plain)
    expect([outcomes.length, `${message}`.match(/<img/g)?.length]).toEqual([1, 1])
  })

  it('where what was sent is sent again', async () => {
    const { data } = await send(plain)
    const again = await send(data as Message)
    expect([again.outcomes, again.data.html]).toEqual([[], data.html])
  })
})

describe('what comes after the plugin', () => {
  it.each(nodemailers)('nodemailer %s: what throws there fails the send, once', async (_, nodemailer) => {
    const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true })
    transporter.use('compile', mailtrace({ domain }))
    transporter.use('compile', () => {
      throw new Error('the next one is broken')
    })
    const results: unknown[] = []
    await new Promise<void>((resolve) => {
      transporter.sendMail(plain, (error) => {
        results.push(error?.message)
        resolve()
      })
    })
    expect(results).toEqual(['the next one is broken'])
  })
})

describe('options are checked at once', () => {
  const rows: [options: unknown, code: string, message: string][] = [
    [{}, 'invalid-config', 'domain is undefined: use an object'],
    [{ domain: { ...domain, name: '' } }, 'invalid-config', 'name is "": use the sending domain, like "example.com"'],
    [
      { domain, texts: true },
      'invalid-options',
      'options has no field "texts": use domain, text, raw, tracking, onOutcome, onError, strict, timeoutMs, pixelPlacement, maxUrlLength, now',
    ],
    [{ domain, text: 'yes' }, 'invalid-options', 'text is "yes": use true or false'],
    [{ domain, raw: 'yes' }, 'invalid-options', 'raw is "yes": use true or false'],
    [{ domain, strict: 1 }, 'invalid-options', 'strict is 1: use true or false'],
    [{ domain, tracking: {} }, 'invalid-options', 'tracking is an object: use a function'],
    [{ domain, onOutcome: null }, 'invalid-options', 'onOutcome is null: use a function'],
    [{ domain, onError: true }, 'invalid-options', 'onError is true: use a function'],
    [{ domain, now: 7 }, 'invalid-options', 'now is 7: use a function'],
    [{ domain, timeoutMs: 0 }, 'invalid-options', 'timeoutMs is 0: use a whole number of 1 to 60000'],
    [{ domain, timeoutMs: 60_001 }, 'invalid-options', 'timeoutMs is 60001: use a whole number of 1 to 60000'],
    [{ domain, pixelPlacement: 'top' }, 'invalid-options', 'pixelPlacement is "top": use one of end, start, both'],
    [
      { domain: () => null, maxUrlLength: 1 },
      'invalid-options',
      'maxUrlLength is 1: use a whole number of 256 to 8192',
    ],
    [null, 'invalid-options', 'options is null: use an object'],
  ]
  it.each(rows)('%j', (options, code, message) => {
    expect(errorOf(() => mailtrace(options as PluginOptions))).toEqual({ code, message })
  })

  it('what may be left out may be undefined', async () => {
    const options = {
      domain,
      text: undefined,
      raw: undefined,
      tracking: undefined,
      onOutcome: undefined,
      onError: undefined,
      strict: undefined,
      timeoutMs: undefined,
      pixelPlacement: undefined,
      maxUrlLength: undefined,
      now: undefined,
    }
    expect((await send(plain, options)).data.mailtrace).toMatchObject({
      outcome: { kind: 'instrumented', untouched: { text: 'off' } },
    })
  })

  it('a lookup of five seconds is waited for', async () => {
    vi.useFakeTimers()
    try {
      let answer = (_: null): void => {}
      const sending = send(plain, { domain: () => new Promise((resolve) => (answer = resolve)) })
      await vi.advanceTimersByTimeAsync(4999)
      answer(null)
      await vi.advanceTimersByTimeAsync(10)
      expect((await sending).outcomes).toEqual([{ kind: 'untouched', reason: 'unknown-domain' }])
      const late = send(plain, { domain: () => new Promise(() => {}) })
      await vi.advanceTimersByTimeAsync(5000)
      await vi.advanceTimersByTimeAsync(10)
      expect((await late).failures.map(causeOf)).toEqual([
        ['domain', 'timed-out', '"domain" did not settle within 5000 ms: make it faster, or allow it more time'],
      ])
    } finally {
      vi.useRealTimers()
    }
  })
})
