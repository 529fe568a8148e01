// Who comes in, and whose forms are taken.

import type { MiddlewareHandler } from '../hono.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import type { ConsoleEnv } from './console-app.ts'
import { RefusedPage, SignInPage } from './pages/plain-pages.tsx'
import { tokenField } from './parts/form.tsx'
import { readForm } from './read-form.ts'
import { formToken, isOwnForm } from './same-origin.ts'

/** Lets in who is signed in: by a link of `createSignIn`, or as `authorize` says. */
export const identifyVisitor =
  ({ signIn, authorize, now }: CheckedServiceOptions): MiddlewareHandler<ConsoleEnv> =>
  async (context, next) => {
    const request = context.req.raw
    const session = signIn?.identify(request) ?? null
    const identity = session ?? (await authorize(request, ...context.env.contexts))
    // A copy, as the headers of `Response.redirect` take no others beside them.
    if (identity instanceof Response) return new Response(identity.body, identity)
    if (identity === null) return context.html(<SignInPage hasLinks={signIn !== undefined} isUsed={false} />, 401)
    const { token, setCookie } = formToken(request)
    context.set('visit', {
      identity,
      canWrite: identity.access === 'write',
      canSignOut: session !== null,
      formToken: token,
      now: now(),
    })
    await next()
    if (setCookie !== null) context.header('set-cookie', setCookie, { append: true })
    return undefined
  }

/** Takes a form only from a page of the console, and from who may change something. Signing out is everybody's. */
export const refuseForeignForms: MiddlewareHandler<ConsoleEnv> = async (context, next) => {
  const form = await readForm(context.req.raw)
  if (form === null) {
    return context.html(<RefusedPage title="This is no form of the console" what="Nothing was changed." />, 400)
  }
  if (!isOwnForm(context.req.raw, form.get(tokenField))) {
    const what =
      'Nothing was changed. It did not come from a page of this console, or cookies are off. Go back, reload the page and send it again.'
    return context.html(<RefusedPage title="This form was not taken" what={what} />, 403)
  }
  if (!context.var.visit.canWrite && context.req.path !== '/sign-out') {
    return context.html(<RefusedPage title="You may look, not change" what="Nothing was changed." />, 403)
  }
  context.set('form', form)
  await next()
  return undefined
}
