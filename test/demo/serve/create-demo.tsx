// The demo's own pages. Beside the console: what a newcomer has to do, the DNS provider, the inboxes. Under names of their own: the
// mails, which are strangers' HTML, and what their links lead to.

import { assets } from '../../../src/service/console/assets.ts'
import { type Context, Hono } from '../../../src/service/hono.ts'
import type { SignIn } from '../../../src/service/index.ts'
import type { Store } from '../../../src/store/index.ts'
import type { ZoneRecord } from '../../kit/dns-server.ts'
import { script, scriptPath, stylePath } from './demo-page.tsx'
import { isOfThisMachine, readState } from './demo-state.ts'
import { demoStyle } from './demo-style.ts'
import { DnsPage } from './dns-page.tsx'
import { scanMail } from './gateway.ts'
import { GuidePage } from './guide-page.tsx'
import { InboxPage, MailPage } from './inbox-page.tsx'
import { DestinationPage, UnsubscribePage } from './landing-pages.tsx'
import type { Mailing } from './mailing.ts'

export interface DemoOptions {
  readonly store: Store
  /** What the DNS server answers. */
  readonly zone: ZoneRecord[]
  readonly signIn: SignIn
  readonly mailing: Mailing
  readonly port: number
}

/** The name under which mails are shown. */
export const inboxHost = 'inbox.localhost'

type Fetch = (request: Request) => Promise<Response>

/** The pages beside the console, under `/demo`. */
export function createDemo({ store, zone, signIn, mailing, port }: DemoOptions): Fetch {
  const app = new Hono()
  const state = () => readState(store, zone, mailing.mails)
  const find = (context: Context) => mailing.mails.find(({ id }) => id === context.req.param('id'))
  const own = `http://localhost:${port}`

  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(pageHeaders(port))) context.header(name, value)
  })
  app.post('*', async (context, next) => {
    // Another site's page could send forms here, too.
    const { origin, site } = { origin: context.req.header('origin'), site: context.req.header('sec-fetch-site') }
    if (site === undefined ? origin === own : site === 'same-origin') return next()
    return context.text('This form did not come from a page of the demo.\n', 403)
  })
  app.get(stylePath, ({ body }) => body(demoStyle, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get(scriptPath, ({ body }) => body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }))

  app.get('/demo', async (context) => {
    const isSignedIn = signIn.identify(context.req.raw) !== null
    return context.html(<GuidePage state={await state()} signInPath={isSignedIn ? null : signIn.link('')} />)
  })
  app.get('/demo/dns', async (context) => context.html(<DnsPage state={await state()} />))
  app.post('/demo/dns', async (context) => {
    const { name, publish } = await context.req.parseBody()
    const record = (await state()).records.find((each) => each.name === name)
    if (record !== undefined) {
      const others = zone.filter((each) => each[0] !== record.name)
      zone.splice(0, zone.length, ...others)
      if (publish === 'yes') zone.push([record.name, 'CNAME', record.value])
    }
    return context.redirect('/demo/dns', 303)
  })
  app.post('/demo/send', async (context) => {
    const { domain } = await state()
    if (domain !== null && isOfThisMachine(domain.config.name)) await mailing.send(domain.config)
    return context.redirect('/demo/inbox', 303)
  })
  app.get('/demo/inbox', (context) => {
    const scanned = mailing.mails.find(({ id }) => id === context.req.query('scanned')) ?? null
    return context.html(<InboxPage mails={mailing.mails} scanned={scanned} />)
  })
  app.get('/demo/inbox/:id', (context) => {
    const mail = find(context)
    if (mail === undefined) return context.notFound()
    return context.html(<MailPage mail={mail} bodyUrl={`http://${inboxHost}:${port}/${mail.id}`} />)
  })
  app.post('/demo/inbox/:id/scan', async (context) => {
    const mail = find(context)
    if (mail === undefined) return context.notFound()
    mail.scanned = await scanMail(mail, port)
    return context.redirect(`/demo/inbox?scanned=${mail.id}`, 303)
  })
  return async (request) => app.fetch(request)
}

const pageHeaders = (port: number): Readonly<Record<string, string>> => ({
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src http://${inboxHost}:${port}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
})

/** The mails as their recipients have them, and what links lead to. */
export function createElsewhere({ mailing }: Pick<DemoOptions, 'mailing'>, ownPages: Fetch): Fetch {
  const app = new Hono()
  app.get('/demo/*', ({ req }) => ownPages(req.raw))
  for (const { path, type, body } of Object.values(assets)) {
    app.get(path, (context) => context.body(body, 200, { 'content-type': type }))
  }
  app.get('/unsubscribe', ({ html }) => html(<UnsubscribePage />))
  app.get('*', ({ html, req }) => html(<DestinationPage url={new URL(req.url)} />))
  return async (request) => {
    const { hostname, pathname } = new URL(request.url)
    if (hostname !== inboxHost) return app.fetch(request)
    const mail = mailing.mails.find(({ id }) => pathname === `/${id}`)
    if (mail === undefined) return new Response('There is no such mail.\n', { status: 404 })
    // As webmail does it: a click leaves the mail where it is.
    const html = mail.html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`)
    return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } })
  }
}
