import { MailtraceError } from '../../errors.ts'
import type { DomainActions } from '../domain-actions.ts'
import { Hono } from '../hono.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import { assets } from './assets.ts'
import type { ConsoleApp, ConsoleEnv } from './console-app.ts'
import { identifyVisitor, refuseForeignForms } from './gates.tsx'
import { NotFoundPage, RefusedPage } from './pages/plain-pages.tsx'
import { addCampaignPages } from './routes/campaign-routes.tsx'
import { addDomainPages } from './routes/domain-routes.tsx'
import { addLivePages } from './routes/live-routes.tsx'
import { addMessagePages } from './routes/message-routes.tsx'
import { addSignInPage, addSignOut } from './routes/sign-in-routes.tsx'
import { pageHeaders } from './security-headers.ts'

/** The console: pages for people. What comes before the gates is for everybody, what comes behind them for who is signed in. */
export function createConsole(options: CheckedServiceOptions, actions: DomainActions): ConsoleApp {
  const { signIn, onError } = options
  const app: ConsoleApp = new Hono<ConsoleEnv>()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(pageHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
  })
  for (const { path, type, body } of Object.values(assets)) {
    app.get(
      path,
      () =>
        new Response(body, {
          headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
        }),
    )
  }
  if (signIn !== undefined) addSignInPage(app, signIn)

  app.use(identifyVisitor(options))
  app.post('*', refuseForeignForms)
  if (signIn !== undefined) addSignOut(app, signIn)
  addLivePages(app, options)
  addDomainPages(app, options, actions)
  addCampaignPages(app, options)
  addMessagePages(app, options)

  app.notFound((context) => context.html(<NotFoundPage />, 404))
  app.onError((error, context) => {
    // An address that somebody made up: what it names is none of a campaign, a message, a place in a list.
    const isMadeUp = error instanceof MailtraceError && error.code === 'invalid-options'
    if (isMadeUp && context.req.method === 'GET') return context.html(<NotFoundPage />, 404)
    onError(error)
    return context.html(
      <RefusedPage
        title="Something went wrong"
        what="It was noted where mailtrace runs. Nothing that you sent may have been saved."
      />,
      500,
    )
  })
  return app
}
