import { beforeAll, describe, expect, it } from 'vitest'
import { prepareEmail } from '../../../src/index.ts'
import type { TrackingEvent } from '../../../src/receiver/index.ts'
import { openStage, textOf } from './open-console.ts'

const stage = await openStage()
const sentAt = stage.now - 86_400_000
const domain = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }],
  signingKeys: [{ id: 'k', secret: 'a key of the tests that is long enough' }],
}
const subject = '<img src=x onerror=alert(1)> \u202eNovember'
const html =
  '<p><a href="https://example.org/one" data-link-name="The <first>">one</a> <a href="https://example.org/two">two</a> <a href="mailto:x@example.org">mail</a> <img src="https://example.org/logo.png" alt=""></p>'
const refuser = '"><script>alert(1)</script>@example.org'
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0'

/** Three messages: one that a person read, one that a scanner went through, one whose recipient refused. */
beforeAll(async () => {
  await stage.reset()
  await stage.store.createDomain({ owner: 'default', config: domain, now: sentAt })
  const prepared = prepareEmail(html, domain, { campaignRef: 'november', now: () => sentAt })
  await stage.store.saveCampaign({ domain: 'example.com', campaign: 'november', subject, html, now: sentAt })
  const details = { domain: 'example.com', campaign: 'november', sentAt }
  const save = (ref: string, recipient: string, switches: object = {}) =>
    stage.store.saveMessage(prepared.instrument({ messageRef: ref, ...switches }), { ...details, recipient })
  await save('person', 'ada@example.org')
  await save('scanner', 'grace@example.org')
  await save('refuser', refuser, { openTracking: false, clickTracking: false })
  await stage.store.write([
    event('o1', 'person', 3_600_000, { type: 'open', pixel: 'end' }),
    event('c1', 'person', 3_700_000, { index: 1, destination: 'https://example.org/two' }),
    event('s1', 'scanner', 1_000_000, {
      index: 0,
      destination: 'https://example.org/one',
      userAgent: '<script>x</script>',
    }),
    event('s2', 'scanner', 1_000_020, {
      index: 1,
      destination: 'https://example.org/two',
      userAgent: '<script>x</script>',
    }),
    event('p1', 'scanner', 7_200_000, { type: 'open', pixel: 'end', userAgent: 'Mozilla/5.0', signals: ['apple-mpp'] }),
  ])
})

function event(id: string, messageRef: string, after: number, more: object): TrackingEvent {
  return {
    type: 'click',
    id,
    mode: 'full',
    messageRef,
    campaignRef: null,
    domain: 'example.com',
    host: 'links.example.com',
    time: sentAt + after,
    issuedAt: sentAt,
    userAgent: browser,
    clientAddress: null,
    signals: [],
    ...('type' in more ? {} : { part: 'html' }),
    ...more,
  } as unknown as TrackingEvent
}

describe('a campaign', () => {
  it('is listed with its denominators', async () => {
    const page = await stage.visit().get('/campaigns')
    const cells = page
      .$('tbody tr td')
      .map((_, cell) => page.$(cell).text())
      .get()
    expect(cells.slice(0, 3)).toEqual(['3', '50.0 %1 of 2', '50.0 %1 of 2'])
    expect(textOf(page, 'tbody a')).toBe(String.raw`<img src=x onerror=alert(1)> \u202eNovember`)
    expect(page.$('main img').length).toBe(0)
  })

  it('has people, proxies and machines apart', async () => {
    const page = await stage.visit().get('/campaign?name=november&domain=example.com')
    const tiles = page
      .$('.tile')
      .map((_, tile) => page.$(tile).text().replace(/\s+/g, ' '))
      .get()
    expect(tiles).toEqual([
      'Messages32 count opens, 2 clicks',
      'Opened by people50.0 %1 of 2 messages that count opens',
      'Clicked by people50.0 %1 of 2 messages that count clicks',
      'Opened or clicked50.0 %1 of 2 messages that count either',
    ])
    const rows = page
      .$('#who tbody tr')
      .map((_, row) => page.$(row).children('td').text())
      .get()
    expect(rows).toEqual(['1in 1 message1in 1 message', '1in 1 message0none', '0none2in 1 message'])
    expect(page.$('#links tbody tr th .strong').text()).toBe('The <first>')
    const links = page
      .$('#links tbody tr')
      .map((_, row) => page.$(row).children('td').text())
      .get()
    expect(links).toEqual(['00none1', '111 of 2, 50.0 %1'])
  })

  it('has its days as a picture with a description, and as a table', async () => {
    const page = await stage.visit().get('/campaign?name=november&domain=example.com')
    expect(page.$('#opens svg[role=img]').attr('aria-label')).toBe(
      'Opens over time, 23 Nov 2026 to 6 Dec 2026: people 1, proxies 1, machines 0',
    )
    expect(page.$('#clicks svg[role=img]').attr('aria-label')).toBe(
      'Clicks over time, 23 Nov 2026 to 6 Dec 2026: people 1, machines 2',
    )
    expect(page.$('#clicks tbody tr').first().text()).toBe('23 Nov 202612')
    expect(page.$('#clicks g.day title').first().text()).toBe('23 Nov 2026: 1 people, 2 machines')
  })

  it.each(['/campaigns/november', '/campaign?name=november'])('is found at %s', async (path) => {
    const answer = await stage.visit().get(path)
    const page = answer.status === 302 ? await stage.visit().get(answer.headers.get('location')!) : answer
    expect(textOf(page, '.lead')).toBe('november of example.com, sent from 23 Nov 2026, 20:00 UTC on')
  })

  it.each(['/campaigns/x', '/campaign?name=x', '/campaign', '/campaign/email?name=x', '/messages/x'])(
    'is not at %s',
    async (path) => {
      expect((await stage.visit().get(path)).status).toBe(404)
    },
  )

  it.each([
    `/campaign?name=${'x'.repeat(2000)}`,
    '/campaign?name=x&domain=%00',
    '/campaigns?after=x',
    '/campaigns?after=',
    '/messages?after=%00',
    '/messages?campaign=%F0%9F%98%80&domain=..&after=%E0%A4%A',
    '/messages/%00',
    '/messages/%E0%A4%A',
    '/domains?after=x',
    '/domains?done=x',
    '/live/events?after=x',
  ])('made up as %s, an address is no trouble', async (path) => {
    expect((await stage.visit().get(path)).status).toBeLessThan(500)
  })

  it('is nobody else’s', async () => {
    const other = stage.visit({ owner: 'other', access: 'write' })
    expect((await other.get('/campaign?name=november&domain=example.com')).status).toBe(404)
    expect((await other.get('/campaign/email?name=november&domain=example.com')).status).toBe(404)
    expect((await other.get('/messages/person?domain=example.com')).status).toBe(404)
    expect(textOf(await other.get('/campaigns'), '.empty h3')).toBe('No campaign yet')
    expect(textOf(await other.get('/messages'), '.empty h3')).toBe('No message yet')
    expect(textOf(await other.get('/live'), '.empty h3')).toBe('No event yet')
  })
})

/** Nothing in the mail of a refuser carries a reference; the store gives it one. */
async function pathOfRefuser(): Promise<string> {
  const page = await stage.visit().get('/messages?campaign=november&domain=example.com')
  const link = page.$('tbody a').filter((_, each) => page.$(each).text() === refuser)
  return link.attr('href')!
}

describe('messages', () => {
  it('are listed with what a person did, else what was seen, else that nothing can be', async () => {
    const page = await stage.visit().get('/messages?campaign=november&domain=example.com')
    const rows = Object.fromEntries(
      page
        .$('tbody tr')
        .toArray()
        .map((row) => [
          page.$(row).find('a').text(),
          page
            .$(row)
            .children('td')
            .slice(0, 3)
            .map((_, cell) => page.$(cell).text())
            .get(),
        ]),
    )
    expect(rows).toEqual({
      'ada@example.org': ['Opens: FullClicks: Full', 'Yes', 'Yes'],
      'grace@example.org': ['Opens: FullClicks: Full', 'Proxy', 'Machine'],
      '"><script>alert(1)</script>@example.org': ['Opens: OffClicks: Off', 'not tracked', 'not tracked'],
    })
    expect(textOf(page, '.lead')).toBe('Those of campaign november, the latest first. Show all')
  })

  it('have a timeline with the reasons of each verdict', async () => {
    const person = await stage.visit().get('/messages/person?domain=example.com')
    const what = person
      .$('.timeline .what')
      .map((_, item) => person.$(item).text())
      .get()
    expect(what).toEqual(['Sent', 'OpenedPerson', 'Followed link 1Person'])
    expect(person.$('.timeline .why').length).toBe(0)
    const scanner = await stage.visit().get('/messages/scanner?domain=example.com')
    expect(
      scanner
        .$('.timeline > li')
        .map((_, item) => scanner.$(item).find('.what').text())
        .get(),
    ).toEqual(['Sent', 'Requested links 2 timesMachine', 'Image loadedProxy'])
    expect(
      scanner
        .$('.timeline > li')
        .eq(1)
        .find('.why li')
        .map((_, why) => scanner.$(why).text())
        .get(),
    ).toEqual([
      'two different links, quicker than anybody clicks (too-quick)',
      'two different links, as quickly as few people click (quick)',
    ])
    expect(scanner.$('.timeline > li').eq(1).find('.when').text()).toContain('and within 20 ms')
    expect(scanner.$('.timeline > li').eq(1).find('.agent').text()).toContain('<script>x</script>')
    expect(textOf(scanner, '#facts')).toContain('Open trackingFull. Who and when, with the mail program or browser.')
  })

  it('say so where nothing will come', async () => {
    const page = await stage.visit().get(await pathOfRefuser())
    expect(textOf(page, '#timeline')).toContain('Nothing else will come: this message is not tracked.')
    expect(page.$('script:not([src])').length).toBe(0)
  })

  it('that were erased say so, and nothing of whom', async () => {
    const path = await pathOfRefuser()
    await stage.store.forget({ recipient: refuser })
    const page = await stage.visit().get(path)
    expect(textOf(page, '.notice')).toContain('This message was erased')
    expect(page.html).not.toContain('alert(1)&lt;')
    expect(textOf(page, 'h1')).toMatch(/^Erased recipient [\w-]{22}$/)
  })
})

it('a timeline ends somewhere, and says so', async () => {
  const opens = Array.from({ length: 501 }, (_, n) =>
    event(`l${n}`, 'long', 1_000_000 + n, { type: 'open', pixel: 'end' }),
  )
  await stage.store.write(opens)
  const page = await stage.visit().get('/messages/long?domain=example.com')
  expect(page.$('.timeline > li').length).toBe(500)
  expect(textOf(page, '#timeline .hint')).toBe('These are the first 500 events. The API gives all of them.')
  const short = await stage.visit().get('/messages/person?domain=example.com')
  expect(short.$('#timeline .hint').length).toBe(0)
})

describe('what little is known', () => {
  it('is told of a message that was not saved', async () => {
    await stage.store.write([event('u1', 'unsaved', 5000, { type: 'open', pixel: 'end' })])
    const page = await stage.visit().get('/messages/unsaved?domain=example.com')
    expect(textOf(page, 'h1')).toBe('Message unsaved')
    expect(textOf(page, '#facts')).toBe(
      'MessageReferenceunsavedDomainexample.comCampaignnoneSentunknownOpen trackingunknown: the message was not savedClick trackingunknown: the message was not saved',
    )
    const list = await stage.visit().get('/messages')
    const row = list.$('tbody tr').filter((_, each) => list.$(each).find('a').text() === 'Message unsaved')
    expect(row.children('td').first().text()).toBe('not saved')
  })

  it('of mode day is a day, and a proxy’s', async () => {
    const prepared = prepareEmail(html, domain, { campaignRef: 'november', now: () => sentAt })
    const outcome = prepared.instrument({ messageRef: 'daily', openTracking: 'day', clickTracking: 'anonymous' })
    await stage.store.saveMessage(outcome, { domain: 'example.com', recipient: 'day@example.org' })
    const day = { type: 'open', pixel: 'end', mode: 'day', userAgent: null }
    await stage.store.write([event('d1', 'daily', 90_000_000, day)])
    const page = await stage.visit().get('/messages/daily?domain=example.com')
    expect(textOf(page, '.timeline li.proxy .when')).toBe('24 Nov 2026, nothing finer is kept')
    expect(textOf(page, '.timeline li.proxy .what')).toBe('Image loadedProxyDay only')
  })

  it('is counted, where people came more than once', async () => {
    const outcome = prepareEmail(html, domain, { now: () => sentAt }).instrument({ messageRef: 'often' })
    await stage.store.saveMessage(outcome, { domain: 'example.com', recipient: 'often@example.org' })
    const opens = [1, 2, 3].map((n) => event(`of${n}`, 'often', n * 10_000_000, { type: 'open', pixel: 'end' }))
    await stage.store.write(opens)
    const list = await stage.visit().get('/messages')
    const row = list.$('tbody tr').filter((_, each) => list.$(each).find('a').text() === 'often@example.org')
    expect([row.find('td').eq(1).text(), row.find('td').eq(2).text()]).toEqual(['3 times', 'no'])
    expect(textOf(await stage.visit().get('/messages/often?domain=example.com'), '.lead')).toBe('')
  })
})

it.each([
  [{ owner: 'acme', access: 'read' }, 'acme, may look'],
  [{ owner: 'acme', access: 'write' }, 'acme'],
  [{ owner: 'default', access: 'read' }, 'Signed in, may look'],
  [{ owner: 'default', access: 'write' }, 'Signed in'],
] as const)('who looks is told who they are: %j', async (identity, text) => {
  expect(textOf(await stage.visit(identity).get('/campaigns'), '.account')).toBe(text)
})

it('lists go on behind fifty', async () => {
  const names = Array.from({ length: 51 }, (_, index) => `c${index}`)
  for (const campaign of names) {
    await stage.store.saveCampaign({ owner: 'many', domain: 'many.example', campaign, now: sentAt })
  }
  const visitor = stage.visit({ owner: 'many', access: 'write' })
  const first = await visitor.get('/campaigns')
  expect([first.$('tbody tr').length, textOf(first, '.pager')]).toEqual([50, 'More campaigns'])
  const second = await visitor.get(first.$('.pager a').attr('href')!)
  expect([second.$('tbody tr').length, textOf(second, '.pager')]).toEqual([1, 'First page'])
})

describe('the email', () => {
  const path = '/campaign/email?name=november&domain=example.com'

  it('is a document of its own in a sandbox, with its links marked', async () => {
    const email = await stage.visit().get(path)
    expect(email.headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    )
    expect(email.headers.get('referrer-policy')).toBe('no-referrer')
    expect(email.headers.get('cache-control')).toBe('no-store')
    expect(
      email
        .$('a')
        .map((_, link) => email.$(link).attr('data-mailtrace-label'))
        .get(),
    ).toEqual(['0: 0 clicks', '1: 1 click', '2'])
    expect(email.$('a').eq(2).attr('title')).toBe('Link 2, not tracked: it is no web link: mailto, tel, an app')
    expect(email.html.startsWith('<!doctype html>')).toBe(true)
  })

  it('is framed without any permission', async () => {
    const page = await stage.visit().get('/campaign?name=november&domain=example.com')
    const frame = page.$('iframe')
    expect([frame.attr('sandbox'), frame.attr('referrerpolicy'), frame.attr('src')]).toEqual(['', 'no-referrer', path])
  })

  it.each([
    ['/campaign', '?name=november&domain=example.com', ''],
    ['/messages/person', '?domain=example.com', ''],
  ])('at %s loads images once somebody asks, and not when sent there by another site', async (at, query) => {
    const visitor = stage.visit()
    const page = await visitor.get(at + query)
    const link = page.$('#email .card-head a').attr('href')!
    expect(link).toBe(`${at}${query}&images=show#email`)
    const shown = await visitor.get(link, { 'sec-fetch-site': 'same-origin' })
    expect(textOf(shown, '#email .card-head a')).toBe('Hide remote images')
    expect(shown.$('iframe').attr('src')).toBe(`${at}/email${query}&images=show`)
    const email = await visitor.get(shown.$('iframe').attr('src')!, { 'sec-fetch-site': 'same-origin' })
    expect(email.headers.get('content-security-policy')).toContain('img-src data: https: http:;')
    for (const site of ['cross-site', 'same-site']) {
      const sent = await visitor.get(link, { 'sec-fetch-site': site })
      expect(sent.$('iframe').attr('src')).toBe(`${at}/email${query}`)
      const direct = await visitor.get(shown.$('iframe').attr('src')!, { 'sec-fetch-site': site })
      expect(direct.headers.get('content-security-policy')).toContain('img-src data:;')
    }
  })

  it('that was not saved is not there', async () => {
    await stage.store.saveCampaign({ domain: 'example.com', campaign: 'bare', now: sentAt })
    const page = await stage.visit().get('/campaign?name=bare&domain=example.com')
    expect([page.$('iframe').length, textOf(page, '#email')]).toEqual([
      0,
      expect.stringContaining('The mail itself was not saved, or was erased.'),
    ])
    expect((await stage.visit().get('/campaign/email?name=bare&domain=example.com')).status).toBe(404)
  })
})

describe('the overview', () => {
  it('shows what is going on once there is something', async () => {
    const page = await stage.visit().get('/')
    expect([
      page.$('#steps').length,
      page.$('#campaigns tbody tr').length > 0,
      page.$('#events li').length > 0,
    ]).toEqual([0, true, true])
  })

  it('leads the way until then', async () => {
    const page = await stage.visit({ owner: 'new', access: 'write' }).get('/')
    expect(
      page
        .$('#steps li h3')
        .map((_, title) => page.$(title).text())
        .get(),
    ).toEqual([
      'Add your sending domain',
      'Choose a tracking domain',
      'Add its DNS record and verify it',
      'Send a mail',
      'See the first open or click',
    ])
    expect(page.$('#steps li.next a').attr('href')).toBe('/domains#add')
  })

  it('leads on from what is done', async () => {
    const config = { name: 'steps.example', openTracking: true, clickTracking: true, trackingDomains: [] }
    const { id, version } = await stage.store.createDomain({ owner: 'steps', config, now: sentAt })
    const visitor = stage.visit({ owner: 'steps', access: 'write' })
    const next = async () => {
      const page = await visitor.get('/')
      return [page.$('#steps li.done').length, page.$('#steps li.next a').attr('href')]
    }
    expect(await next()).toEqual([1, `/domains/${id}#tracking-domain`])
    const hosts = (status: 'pending' | 'verified') => [{ host: 'links.steps.example', status }]
    const pending = await stage.store.updateDomain({
      owner: 'steps',
      id,
      version,
      config: { ...config, trackingDomains: hosts('pending') },
    })
    expect(await next()).toEqual([2, `/domains/${id}#records`])
    await stage.store.updateDomain({
      owner: 'steps',
      id,
      version: pending.version,
      config: { ...config, trackingDomains: hosts('verified') },
    })
    expect(await next()).toEqual([3, undefined])
    await stage.store.saveCampaign({ domain: 'steps.example', campaign: 'x', now: sentAt })
    expect(await next()).toEqual([4, '/live'])
  })
})
