import { beforeEach, describe, expect, it } from 'vitest'
import type { TrackingDomain } from '../../../src/index.ts'
import { type Answer, openStage, textOf, type Visitor } from './open-console.ts'

const stage = await openStage()
beforeEach(() => stage.reset())

const dayMs = 86_400_000

/** A domain that was just added, and its page. */
async function addDomain(visitor: Visitor, name = 'example.com'): Promise<{ path: string; page: Answer }> {
  const answer = await visitor.submit(await visitor.get('/domains'), '/domains', { name })
  const page = await visitor.follow(answer)
  return { path: answer.headers.get('location')!.split('?')[0]!, page }
}

async function setHost(visitor: Visitor, path: string, host: string): Promise<Answer> {
  return visitor.submit(await visitor.get(path), `${path}/tracking-domain`, { host })
}

describe('the list of domains', () => {
  it('teaches the first step while it is empty', async () => {
    const page = await stage.visit().get('/domains')
    expect(textOf(page, '.empty h3')).toBe('No domain yet')
    expect(textOf(page, 'main h1')).toBe('Domains')
  })

  it('leads to a domain once it was added, with tracking off', async () => {
    const visitor = stage.visit()
    const { page, path } = await addDomain(visitor)
    expect(path).toMatch(/^\/domains\/[0-9a-f-]{36}$/)
    expect([textOf(page, 'h1'), textOf(page, '.notice')]).toEqual([
      'example.com',
      'The domain was added. Next: choose the host name that links lead through.',
    ])
    expect(page.$('input[name=open]:checked').val()).toBe('off')
    const list = await visitor.get('/domains')
    expect(list.$(`main a[href="${path}"]`).text()).toBe('example.com')
  })

  it.each([
    ['', 'Name is "": use the sending domain, like "example.com".'],
    ['https://example.com', 'Name is "https://example.com": use the sending domain, like "example.com".'],
    ['<b>"x"', String.raw`Name is "<b>\"x\"": use the sending domain, like "example.com".`],
  ])('refuses %j beside the field, where it stays', async (name, message) => {
    const visitor = stage.visit()
    const page = await visitor.submit(await visitor.get('/domains'), '/domains', { name })
    expect(page.status).toBe(422)
    expect(page.$('#domain-name').val()).toBe(name)
    expect(page.$('#domain-name').attr('aria-invalid')).toBe('true')
    expect(page.$('#domain-name').attr('aria-describedby')).toBe('domain-name-help domain-name-error')
    expect(textOf(page, '#domain-name-error')).toBe(message)
  })

  it('refuses a domain that somebody has', async () => {
    await addDomain(stage.visit({ owner: 'other', access: 'write' }))
    const visitor = stage.visit()
    const page = await visitor.submit(await visitor.get('/domains'), '/domains', { name: 'example.com' })
    expect([page.status, textOf(page, '#domain-name-error')]).toEqual([422, expect.stringContaining('example.com')])
  })

  it('goes on behind fifty', async () => {
    const names = Array.from({ length: 51 }, (_, index) => `d${String(index).padStart(2, '0')}.example`)
    for (const name of names) {
      const config = { name, openTracking: true, clickTracking: false, trackingDomains: [] }
      await stage.store.createDomain({ owner: 'default', config, now: stage.now })
    }
    const visitor = stage.visit()
    const first = await visitor.get('/domains')
    const rows = (page: Answer) => page.$('tbody tr').length
    const second = await visitor.get(first.$('.pager a').attr('href')!)
    expect([rows(first), rows(second), textOf(second, '.pager a')]).toEqual([50, 1, 'First page'])
  })
})

describe('the configuration', () => {
  it('is saved as it was chosen, and told in plain words', async () => {
    const visitor = stage.visit()
    const { page, path } = await addDomain(visitor)
    const saved = await visitor.submit(page, `${path}/configuration`, { open: 'day', click: 'anonymous' })
    const after = await visitor.follow(saved)
    expect(after.$('input[name=open]:checked').val()).toBe('day')
    expect(after.$('input[name=click]:checked').val()).toBe('anonymous')
    expect(textOf(after, '.notice')).toBe('Saved. It holds for mail that is sent from now on; sent links keep working.')
    const stored = await stage.store.domainByName({ owner: 'default', name: 'example.com' })
    expect([stored?.config.openTracking, stored?.config.clickTracking]).toEqual(['day', 'anonymous'])
  })

  it('has no mode day for clicks, and takes none', async () => {
    const visitor = stage.visit()
    const { page, path } = await addDomain(visitor)
    expect(
      page
        .$('input[name=click]')
        .map((_, input) => page.$(input).val())
        .get(),
    ).toEqual(['off', 'full', 'identified', 'anonymous'])
    const after = await visitor.follow(await visitor.submit(page, `${path}/configuration`, { click: 'day' }))
    expect(after.$('input[name=click]:checked').val()).toBe('off')
  })

  it('is not saved over what somebody else saved meanwhile, and what was chosen stays chosen', async () => {
    const [visitor, other] = [stage.visit(), stage.visit()]
    const { path } = await addDomain(visitor)
    const mine = await visitor.get(path)
    await other.follow(await other.submit(await other.get(path), `${path}/configuration`, { open: 'full' }))
    const refused = await visitor.submit(mine, `${path}/configuration`, { open: 'anonymous', click: 'full' })
    expect(refused.status).toBe(409)
    expect(textOf(refused, '.notice.bad')).toContain('somebody else changed this domain meanwhile')
    expect([refused.$('input[name=open]:checked').val(), refused.$('input[name=click]:checked').val()]).toEqual([
      'anonymous',
      'full',
    ])
    const again = await visitor.follow(await visitor.submit(refused, `${path}/configuration`))
    expect(again.$('input[name=open]:checked').val()).toBe('anonymous')
  })
})

it.each(['', 'x', '0', '-1', '1.5', '1e99', '9007199254740992'])(
  'a form made from version %j is not taken',
  async (version) => {
    const visitor = stage.visit()
    const { page, path } = await addDomain(visitor)
    expect((await visitor.submit(page, `${path}/configuration`, { version })).status).toBe(409)
    expect((await visitor.submit(page, `${path}/tracking-domain`, { version, host: 'links' })).status).toBe(409)
  },
)

describe('the tracking domain', () => {
  it('is set, and its record stands there to copy', async () => {
    const visitor = stage.visit()
    const { path } = await addDomain(visitor)
    const page = await visitor.follow(await setHost(visitor, path, 'links'))
    const record = page.$('article.record')
    expect(record.length).toBe(1)
    expect(
      record
        .find('[data-copy]')
        .map((_, button) => page.$(button).attr('data-copy'))
        .get(),
    ).toEqual(['links.example.com', 'k7w2q.tracking.example.net'])
    expect(textOf(page, 'article.record .badge')).toBe('Not checked yet')
    expect(textOf(page, '#tracking-domain dl')).toContain('None: no tracking domain is verified')
  })

  it.each([
    ['links.example.org', 'Host "links.example.org" does not belong to "example.com"'],
    ['example.com', 'Host "example.com" is the sending domain itself'],
    ['', 'A tracking domain can be changed, never removed'],
    ['a b', 'Host "a b'],
  ])('refuses %j beside the field, where it stays', async (host, message) => {
    const visitor = stage.visit()
    const { path } = await addDomain(visitor)
    const page = await setHost(visitor, path, host)
    expect([page.status, page.$('#host').val(), textOf(page, '#host-error')]).toEqual([
      422,
      host,
      expect.stringContaining(message),
    ])
  })

  it('can be changed once in 24 hours, and the previous one stays in use until then', async () => {
    const visitor = stage.visit()
    const { path } = await addDomain(visitor)
    await setHost(visitor, path, 'links')
    stage.zone.set('links.example.com', 'k7w2q.tracking.example.net')
    await visitor.submit(await visitor.get(path), `${path}/verify`)
    const changed = await visitor.follow(await setHost(visitor, path, 'go'))
    expect(textOf(changed, '#tracking-domain dl')).toBe(
      'Tracking domaingo.example.comIn use for new maillinks.example.com, the previous one, stays in use until go.example.com is verified.Next changeAllowed from 25 Nov 2026, 20:00 UTC on: one change in 24 hours.',
    )
    const refused = await setHost(visitor, path, 'third')
    expect([refused.status, textOf(refused, '#host-error')]).toEqual([
      422,
      'The tracking domain was changed at 2026-11-24T20:00:00.000Z: change it again from 2026-11-25T20:00:00.000Z on.',
    ])
    stage.now += dayMs
    expect(textOf(await visitor.get(path), '#tracking-domain dl')).toContain('Allowed now; one change in 24 hours.')
    const third = await visitor.follow(await setHost(visitor, path, 'third'))
    expect(
      third
        .$('article.record h3')
        .map((_, title) => third.$(title).text())
        .get(),
    ).toEqual(['third.example.com', 'links.example.com', 'go.example.com'])
    expect(textOf(third, '#former')).toBe('Former records')
    expect(third.$('article.record.former h3').text()).toBe('go.example.com')
  })

  it('is not set over a change of somebody else', async () => {
    const visitor = stage.visit()
    const { path, page } = await addDomain(visitor)
    await setHost(stage.visit(), path, 'go')
    const refused = await visitor.submit(page, `${path}/tracking-domain`, { host: 'links' })
    expect([refused.status, refused.$('#host').val(), textOf(refused, '.notice.bad')]).toEqual([
      409,
      'links',
      expect.stringContaining('Not saved'),
    ])
  })
})

describe('verifying', () => {
  it('tells what was found and what to do', async () => {
    const visitor = stage.visit()
    const { path } = await addDomain(visitor)
    await setHost(visitor, path, 'email')
    const page = await visitor.follow(await visitor.submit(await visitor.get(path), `${path}/verify`))
    expect(textOf(page, 'article.record .badge')).toBe('Pending')
    expect(textOf(page, '.findings li')).toContain('There is no CNAME record yet.')
    expect(textOf(page, '.findings li:nth-child(2)')).toContain('A public filter list blocks the pixels of a host')
    expect(textOf(page, 'article.record .more')).toContain('Last checked 24 Nov 2026, 20:00 UTC.')
  })

  it('makes a domain active once its record is right', async () => {
    const visitor = stage.visit()
    const { path, page } = await addDomain(visitor)
    await visitor.submit(page, `${path}/configuration`, { click: 'full' })
    await setHost(visitor, path, 'links')
    expect(textOf(await visitor.get(path), '.page-head .badge')).toBe('Waiting for DNS')
    stage.zone.set('links.example.com', 'k7w2q.tracking.example.net')
    const after = await visitor.follow(await visitor.submit(await visitor.get(path), `${path}/verify`))
    expect(textOf(after, '.page-head .badge')).toBe('Tracking is active')
    expect(textOf(after, '.page-head .lead')).toBe('Mail is tracked through links.example.com.')
    expect(after.$('.findings').length).toBe(0)
  })
})

describe('records', () => {
  async function pageOf(trackingDomains: readonly TrackingDomain[], access: 'read' | 'write' = 'write') {
    const config = { name: 'example.com', openTracking: true, clickTracking: false, trackingDomains }
    const { id } = await stage.store.createDomain({ owner: 'default', config, now: stage.now })
    return await stage.visit({ owner: 'default', access }).get(`/domains/${id}`)
  }

  it('that nobody said the target of say what to do', async () => {
    const page = await pageOf([{ host: 'links.example.com', status: 'failed' }])
    expect(textOf(page, 'article.record dl')).toContain('Valuenot set: choose the tracking domain again')
    expect(textOf(page, 'article.record .more')).toBe(
      'Not found for 72 hours. Add the record and verify again: it is never too late.',
    )
  })

  it('are read by who may not verify them', async () => {
    const hosts = [{ host: 'links.example.com', status: 'verified', cnameTarget: 'x.example.net' }] as const
    const page = await pageOf(hosts, 'read')
    expect([
      page.$('article.record').length,
      page.$('#records form').length,
      page.$('#tracking-domain form').length,
    ]).toEqual([1, 0, 0])
    expect(textOf(page, '#tracking-domain dl')).toContain('Yes, since its record is verified.')
    expect(textOf(page, 'article.record .record-head')).toBe('links.example.comIn useVerified')
  })

  it('are none before a host is chosen, and nothing is verified', async () => {
    const page = await pageOf([])
    expect(textOf(page, '#records')).toContain('The record to add appears here once a tracking domain is chosen.')
    expect(page.$('#records form').length).toBe(0)
    expect(textOf(page, '#tracking-domain label')).toBe('Host name')
  })

  it.each([
    ['not_started', 'Not checked yet', 'neutral'],
    ['pending', 'Pending', 'warn'],
    ['verified', 'Verified', 'good'],
    ['temporary_failure', 'Failing', 'warn'],
    ['failed', 'Failed', 'bad'],
  ] as const)('that are %s say “%s”', async (status, text, tone) => {
    const page = await pageOf([{ host: 'links.example.com', status, cnameTarget: 'x.example.net' }])
    const badge = page.$('#tracking-domain .card-head .badge')
    expect([badge.text(), badge.attr('class')]).toEqual([text, `badge ${tone}`])
  })
})

describe('removing', () => {
  async function verified(visitor: Visitor): Promise<string> {
    const { path } = await addDomain(visitor)
    await setHost(visitor, path, 'links')
    stage.zone.set('links.example.com', 'k7w2q.tracking.example.net')
    await visitor.submit(await visitor.get(path), `${path}/verify`)
    return path
  }

  it('needs a box ticked where sent links would break, and says which', async () => {
    const visitor = stage.visit()
    const path = await verified(visitor)
    const page = await visitor.get(`${path}/remove`)
    expect(textOf(page, '.notice.warn')).toContain('breaks the links in sent mail through links.example.com')
    expect(textOf(page, '.steps li')).toContain('Point links.example.com at a proxy of your own')
    const refused = await visitor.submit(page, `${path}/remove`)
    expect([refused.status, textOf(refused, '#acknowledge-error')]).toEqual([
      422,
      'Tick this box first: nothing was removed.',
    ])
    const removed = await visitor.follow(await visitor.submit(refused, `${path}/remove`, { acknowledged: 'yes' }))
    expect(textOf(removed, '.notice')).toContain('The domain was removed.')
    expect((await visitor.get(path)).status).toBe(404)
  })

  it('needs none where nothing depends on the domain', async () => {
    const visitor = stage.visit()
    const { path } = await addDomain(visitor)
    const page = await visitor.get(`${path}/remove`)
    expect(page.$('input[type=checkbox]').length).toBe(0)
    expect(textOf(page, '.notice.good')).toContain('It can be removed safely.')
    expect((await visitor.submit(page, `${path}/remove`)).status).toBe(303)
  })
})

describe('what belongs to somebody else', () => {
  it.each(['', '/remove'])('is not there: GET /domains/ID%s', async (rest) => {
    const { path } = await addDomain(stage.visit({ owner: 'other', access: 'write' }))
    expect((await stage.visit().get(path + rest)).status).toBe(404)
  })

  it.each(['/configuration', '/tracking-domain', '/verify', '/remove'])(
    'is not changed: POST /domains/ID%s',
    async (rest) => {
      const owner = stage.visit({ owner: 'other', access: 'write' })
      const { path, page } = await addDomain(owner)
      const before = await stage.store.domainByName({ owner: 'other', name: 'example.com' })
      const visitor = stage.visit()
      const own = await visitor.get('/domains')
      const token = own.$('input[name=form_token]').first().val() as string
      page.$('form').attr('action', path + rest)
      page.$('form').slice(1).remove()
      page.$('input[name=form_token]').val(token)
      const answer = await visitor.submit(page, path + rest, { host: 'x', acknowledged: 'yes', version: '1' })
      expect(answer.status).toBe(404)
      expect(await stage.store.domainByName({ owner: 'other', name: 'example.com' })).toEqual(before)
    },
  )

  it.each(['x', '00000000-0000-4000-8000-000000000000', "'; DROP TABLE mailtrace_domains; --"])(
    'nor is a domain %s',
    async (id) => {
      expect((await stage.visit().get(`/domains/${encodeURIComponent(id)}`)).status).toBe(404)
    },
  )
})
