import { beforeAll, describe, expect, it } from 'vitest'
import { assets } from '../../../src/service/console/assets.ts'
import { createSignIn } from '../../../src/service/index.ts'
import { openStage, origin, textOf } from './open-console.ts'

const stage = await openStage()
beforeAll(() => stage.reset())

const pages = ['/', '/domains', '/campaigns', '/campaign?name=x', '/messages', '/messages/x', '/live', '/live/events']
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

describe('who is not signed in', () => {
  it.each([...pages, '/domains/x', '/domains/x/remove', '/campaign/email?name=x', '/messages/x/email', '/nowhere'])(
    'sees nothing at %s',
    async (path) => {
      const page = await stage.visit(null).get(path)
      expect([page.status, textOf(page, 'h1'), page.$('nav').length]).toEqual([401, 'You are not signed in', 0])
      expect(textOf(page, 'main')).toContain('Sign in where you usually do')
    },
  )

  it('changes nothing', async () => {
    const body = new URLSearchParams({ name: 'example.com', form_token: 'AAAAAAAAAAAAAAAAAAAAA_' })
    const request = new Request(`${origin}/domains`, {
      method: 'POST',
      body,
      headers: { 'sec-fetch-site': 'same-origin', cookie: 'mailtrace-form=AAAAAAAAAAAAAAAAAAAAA_' },
    })
    expect((await stage.visit(null).service(request)).status).toBe(401)
    expect((await stage.store.domains({ owner: 'default' })).items).toEqual([])
  })

  it.each(Object.values(assets))('gets $path all the same', async ({ path, type, body }) => {
    const answer = await stage.visit(null).get(path)
    expect([answer.status, answer.headers.get('content-type'), answer.html]).toEqual([200, type, body])
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('an application’s own sign-in', () => {
  it('sends whoever is nobody where it wants', async () => {
    const authorize = () => Response.redirect('https://example.com/sign-in', 302)
    const answer = await stage.visit(null, { authorize }).get('/domains')
    expect([answer.status, answer.headers.get('location'), answer.html]).toEqual([
      302,
      'https://example.com/sign-in',
      '',
    ])
    expect(answer.headers.get('content-security-policy')).toBe(policy)
  })

  it('is given the request and what the server passes beside it', async () => {
    const asked: unknown[] = []
    const authorize = (...all: unknown[]): null => {
      asked.push(all)
      return null
    }
    const visitor = stage.visit(null, { authorize })
    const request = new Request(`${origin}/domains`)
    await visitor.service(request, { socket: 1 })
    expect(asked).toEqual([[request, { socket: 1 }]])
  })

  it('that fails lets nobody in', async () => {
    const failure = new Error('the database of sessions is gone')
    const page = await stage.visit(null, { authorize: () => Promise.reject(failure) }).get('/domains')
    expect([page.status, page.html.includes('sessions')]).toEqual([500, false])
    expect(stage.takeFailures()).toEqual([failure])
  })
})

describe('a sign-in link', () => {
  it('signs in who opens it first, until they sign out', async () => {
    const signIn = createSignIn({ now: () => stage.now })
    const visitor = stage.visit(null, { signIn })
    const link = signIn.link(origin).replace(origin, '')
    const before = await visitor.get('/')
    expect(textOf(before, 'main')).toContain('Open the link that was printed where mailtrace was started.')
    const opened = await visitor.get(link)
    expect([opened.status, textOf(opened, 'h1'), opened.$('meta[http-equiv=refresh]').attr('content')]).toEqual([
      200,
      'You are signed in',
      '0;url=/',
    ])
    expect(opened.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^mailtrace-session=[\w-]{22}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
    const home = await visitor.get('/')
    expect([home.status, textOf(home, 'h1')]).toEqual([200, 'Overview'])

    const again = await stage.visit(null, { signIn }).get(link)
    expect([again.status, textOf(again, 'main')]).toEqual([
      401,
      expect.stringContaining('This link was used already, or is of an earlier start.'),
    ])

    const out = await visitor.submit(home, '/sign-out')
    expect([out.status, textOf(out, 'h1')]).toEqual([200, 'You are signed out'])
    expect(out.headers.getSetCookie()).toContain('mailtrace-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
    expect((await visitor.get('/')).status).toBe(401)
  })

  it('is not used up by who only looks what it is, by HEAD', async () => {
    const signIn = createSignIn({ now: () => stage.now })
    const { service, get } = stage.visit(null, { signIn })
    const link = signIn.link(origin)
    const looked = await service(new Request(link, { method: 'HEAD' }))
    expect([looked.status, looked.headers.getSetCookie()]).toEqual([401, []])
    expect((await get(link.replace(origin, ''))).status).toBe(200)
  })

  it('leads nowhere without createSignIn', async () => {
    expect((await stage.visit().get('/sign-in?token=x')).status).toBe(404)
    expect((await stage.visit().get('/')).$('form[action="/sign-out"]').length).toBe(0)
  })

  it('may be of somebody who looks and changes nothing, but signs out', async () => {
    const signIn = createSignIn({ access: 'read' })
    const visitor = stage.visit(null, { signIn })
    await visitor.get(signIn.link(origin).replace(origin, ''))
    expect((await visitor.submit(await visitor.get('/'), '/sign-out')).status).toBe(200)
  })
})

describe('every answer', () => {
  it.each([...pages, '/nowhere'])('at %s is under the strict policy, kept by nobody, in no frame', async (path) => {
    const visitor = stage.visit()
    const response = await visitor.service(new Request(origin + path))
    await response.body?.cancel()
    expect(response.headers.get('content-security-policy')).toBe(policy)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('same-origin')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it.each(pages.filter((path) => path !== '/live/events'))(
    'at %s has no inline code and no inline style',
    async (path) => {
      const { $ } = await stage.visit().get(path)
      expect($('style, [style], script:not([src])').length).toBe(0)
      const handlers = $('*')
        .toArray()
        .flatMap((element) => Object.keys('attribs' in element ? element.attribs : {}))
        .filter((name) => name.startsWith('on'))
      expect(handlers).toEqual([])
      const urls = $('[src], link[href]')
        .toArray()
        .map((element) => $(element).attr('src') ?? $(element).attr('href'))
      for (const url of urls) expect(url).toMatch(/^\/assets\//)
    },
  )
})

describe('a form', () => {
  const send = async (more: Record<string, string>, body: string, type = 'application/x-www-form-urlencoded') => {
    const visitor = stage.visit()
    const headers = { 'content-type': type, cookie: 'mailtrace-form=AAAAAAAAAAAAAAAAAAAAA_', ...more }
    const response = await visitor.service(new Request(`${origin}/domains`, { method: 'POST', body, headers }))
    return { status: response.status, html: await response.text() }
  }
  const own = 'name=example.org&form_token=AAAAAAAAAAAAAAAAAAAAA_'

  it.each<[what: string, headers: Record<string, string>, body: string]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }, own],
    ['of another origin', { origin: 'http://evil.example' }, own],
    ['of nobody knows where', {}, own],
    ['without its token', { 'sec-fetch-site': 'same-origin' }, 'name=example.org'],
    ['with the token of another page', { 'sec-fetch-site': 'same-origin' }, own.replace('AAA', 'BBB')],
  ])('%s is not taken', async (_, headers, body) => {
    const { status, html } = await send(headers, body)
    expect([status, html]).toEqual([403, expect.stringContaining('This form was not taken')])
    expect((await stage.store.domains({ owner: 'default' })).items).toEqual([])
  })

  it('that is none is told so', async () => {
    const { status, html } = await send({ 'sec-fetch-site': 'same-origin' }, '{}', 'application/json')
    expect([status, html]).toEqual([400, expect.stringContaining('This is no form of the console')])
  })

  it('is not there for who may only look, and not taken from them', async () => {
    await stage.store.createDomain({
      owner: 'looker',
      config: { name: 'looked.example', openTracking: 'day', clickTracking: false, trackingDomains: [] },
      now: stage.now,
    })
    const reader = stage.visit({ owner: 'looker', access: 'read' })
    const list = await reader.get('/domains')
    const path = list.$('tbody a').attr('href')!
    const page = await reader.get(path)
    expect([list.$('form').length, page.$('form').length, page.$('#remove').length]).toEqual([0, 0, 0])
    expect(textOf(page, '#configuration dl')).toContain('Day only. Who, and on which day.')
    const writer = stage.visit({ owner: 'looker', access: 'write' })
    const form = await writer.get(path)
    form.$('input[name=form_token]').val('AAAAAAAAAAAAAAAAAAAAA_')
    const body = new URLSearchParams({ form_token: 'AAAAAAAAAAAAAAAAAAAAA_' })
    const headers = { 'sec-fetch-site': 'same-origin', cookie: 'mailtrace-form=AAAAAAAAAAAAAAAAAAAAA_' }
    const answer = await reader.service(new Request(`${origin}${path}/remove`, { method: 'POST', body, headers }))
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('You may look, not change')])
    expect((await writer.get(path)).status).toBe(200)
  })
})

it('what goes wrong inside is told to onError, and to nobody else', async () => {
  const failure = new Error('secret of the database')
  const store = { ...stage.store, domains: () => Promise.reject(failure) }
  const page = await stage.visit(undefined, { store }).get('/domains')
  expect([page.status, textOf(page, 'h1'), page.html.includes('secret')]).toEqual([500, 'Something went wrong', false])
  expect(page.headers.get('content-security-policy')).toBe(policy)
  expect(stage.takeFailures()).toEqual([failure])
})

it('a page that there is not says so', async () => {
  const page = await stage.visit().get('/nowhere')
  expect([page.status, textOf(page, 'h1')]).toEqual([404, 'There is no such page'])
})
