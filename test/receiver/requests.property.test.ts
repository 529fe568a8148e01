import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { createReceiver } from '../../src/receiver/index.ts'
import { ordinaryDocument } from '../kit/documents.ts'
import { clickUrl, destination, domain, openUrl, origin, otherDomain, setUp, storedRef } from './fixtures.ts'

const numRuns = 1000

/** Not `URL.canParse`, which refuses `https://\u00a1` on Node 20 and 22 once it is hot (see src/url.ts). */
function canParse(text: string): boolean {
  try {
    return new URL(text) !== null
  } catch {
    return false
  }
}
const click = clickUrl()
const open = openUrl()

const character = fc.constantFrom(...'AZaz09-_=+/.%~?#@:\\ \t\0é')
/** One change to a text: a character replaced, dropped or added, a part doubled, dropped or turned round. */
const change = fc.oneof(
  fc.record({ at: fc.nat(400), drop: fc.constantFrom(0, 1), put: character }),
  fc.record({ at: fc.nat(400), drop: fc.integer({ min: 1, max: 60 }), put: fc.constant('') }),
  fc.record({
    at: fc.nat(400),
    drop: fc.constant(0),
    put: fc.string({ unit: character, minLength: 1, maxLength: 30 }),
  }),
)
const changes = fc.array(change, { minLength: 1, maxLength: 3 })

function mutate(text: string, edits: readonly { at: number; drop: number; put: string }[]): string {
  return edits.reduce((now, { at, drop, put }) => {
    const place = at % (now.length + 1)
    return now.slice(0, place) + put + now.slice(place + drop)
  }, text)
}

describe('a URL that was minted and changed', () => {
  it.each([
    ['click', click],
    ['open', open],
  ])('as a %s is never followed', async (_, url) => {
    const { ask, settle, events } = setUp({ domains: [domain, otherDomain] })
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const changed = mutate(url, edits)
        // What a browser makes of it may be the URL that was minted: another query or fragment, a dot segment, upper case.
        fc.pre(canParse(changed))
        const { protocol, username, password, host, pathname } = new URL(changed)
        fc.pre(/^https?:$/.test(protocol) && username + password === '')
        fc.pre(pathname !== new URL(url).pathname || host.replace(/^old\.|\.$/g, '') !== new URL(url).host)
        const response = await ask(changed)
        await settle()
        expect([response.status, response.headers.get('location'), events]).toEqual([404, null, []])
      }),
      { numRuns },
    )
  })

  it('and signed by anyone else, for any destination, is never followed', async () => {
    const { ask } = setUp({ domains: [domain, otherDomain] })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ minLength: 32, maxLength: 80 }),
        async (to, secret) => {
          const forged = clickUrl(to.toWellFormed(), { ...domain, signingKeys: [{ id: 'k1', secret }] })
          fc.pre(forged.length < 8000)
          expect((await ask(forged)).status).toBe(404)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('any request', () => {
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'BREW')
  const host = fc.constantFrom(
    'links.example.com',
    'OLD.example.com.',
    'localhost:1',
    '[::1]',
    'xn--mnchen-3ya.de',
    '1.2.3.4',
  )
  const token = click.slice(`${origin}/c/`.length)
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      '/c/',
      '/o/',
      '/C/',
      '/./',
      '/../',
      '%2e%2e/',
      '%2F',
      '%',
      '.gif',
      '/0.gif',
      '/3',
      '/t3',
    ),
    fc.constantFrom(
      '/.well-known/mailtrace',
      token,
      storedRef,
      '?',
      '#',
      '\\',
      ';',
      '@',
      ':',
      ' ',
      'é',
      '\u{1f600}',
      '\0',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('A', '/', '%41', '?a=').map((text) => text.repeat(10_000)),
  )
  const headers = fc.dictionary(
    fc.constantFrom(
      'user-agent',
      'host',
      'x-forwarded-for',
      'x-forwarded-host',
      'sec-purpose',
      'range',
      'if-none-match',
    ),
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
  )

  it('gets an answer below 500 that is never cached', async () => {
    const { receiver, failures, context } = setUp({
      findReference: ({ ref }) => (ref.length % 2 ? {} : null),
    })
    await fc.assert(
      fc.asyncProperty(method, host, fc.array(piece, { maxLength: 8 }), headers, async (verb, name, pieces, fields) => {
        const url = `https://${name}/${pieces.join('')}`
        fc.pre(canParse(url))
        const response = await receiver(new Request(url, { method: verb, headers: fields }), context)
        expect(response.status).toBeLessThan(500)
        expect(response.headers.get('cache-control')).toBe('no-store')
        expect(response.headers.get('x-content-type-options')).toBe('nosniff')
        if (verb === 'HEAD') expect((await response.arrayBuffer()).byteLength).toBe(0)
      }),
      { numRuns },
    )
    expect(failures).toEqual([])
  })

  it('gets one too when all that is asked fails in any way', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const fails = () => {
      throw new Error('secret of the inside')
    }
    const fate = fc.constantFrom(
      fails,
      () => Promise.reject(new Error('secret of the inside')),
      () => Promise.reject(undefined),
      () => null,
      () => 7,
      () => ({}),
      () => ({ destination: {}, issuedAt: 'x' }),
      () => new Promise(() => {}),
      () => domain,
      () => true,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            domains: fate,
            findReference: fate,
            mayRedirect: fate,
            shouldRecord: fate,
            onEvent: fate,
            onError: fate,
            onMiss: fate,
            host: fate,
            clientAddress: fate,
            now: fc.constantFrom(Date.now, fails, () => Number.NaN),
          },
          { requiredKeys: ['onEvent', 'onError'] },
        ),
        fc.constantFrom(
          click,
          open,
          `${origin}/c/${storedRef}/1`,
          `${origin}/o/${storedRef}/0.gif`,
          `${origin}/.well-known/mailtrace`,
        ),
        fc.boolean(),
        async (hooks, url, awaits) => {
          const awaitEvents = { timeoutMs: 2 }
          const receiver = createReceiver({
            domains: domain,
            lookupTimeoutMs: 2,
            ...(awaits && { awaitEvents }),
            ...hooks,
          } as never)
          const response = await receiver(new Request(url), { waitUntil: () => {} })
          expect([200, 204, 302, 404, 410, 503]).toContain(response.status)
          expect(await response.text()).not.toContain('secret')
        },
      ),
      { numRuns: 300 },
    )
    vi.restoreAllMocks()
  })
})

describe('Location', () => {
  it('is what a browser makes of the link, for every link that instrumentEmail tracked; and each is one event', async () => {
    const { ask, settle, events } = setUp({ now: Date.now })
    let tracked = 0
    await fc.assert(
      fc.asyncProperty(ordinaryDocument, async (html) => {
        const { links, pixel } = instrumentEmail(html, domain, { messageRef: 'message-9' })
        for (const link of links) {
          if (link.kind !== 'tracked') continue
          tracked++
          const response = await ask(link.url)
          await settle()
          expect([response.status, response.headers.get('location')]).toEqual([302, new URL(link.destination).href])
          expect(events.splice(0)).toMatchObject([
            { type: 'click', messageRef: 'message-9', index: link.index, destination: link.destination },
          ])
        }
        if (pixel.kind === 'placed') {
          expect((await ask(pixel.urls[0]!)).status).toBe(200)
          await settle()
          expect(events.splice(0)).toMatchObject([{ type: 'open', messageRef: 'message-9' }])
        }
      }),
      { numRuns: 150 },
    )
    expect(tracked).toBeGreaterThan(20)
  })

  it('is ASCII for any destination that is followed', async () => {
    const { ask } = setUp()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (rest) => {
        const to = `https://${rest}`.toWellFormed()
        const response = await ask(clickUrl(to))
        const isTracked = canParse(to)
        expect(response.status).toBe(isTracked ? 302 : 404)
        if (isTracked) expect(response.headers.get('location')).toMatch(/^https:[\x21-\x7e]+$/)
      }),
      { numRuns },
    )
  })

  it('is the destination of ordinary links', async () => {
    expect((await setUp().ask(click)).headers.get('location')).toBe(destination)
  })
})
