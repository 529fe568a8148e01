import type { ConsoleApp } from '../console-app.ts'
import { formatCookie } from '../cookies.ts'
import { SignedInPage, SignedOutPage, SignInPage } from '../pages/plain-pages.tsx'
import { type SignIn, sessionCookie } from '../sign-in.ts'

/** Where the link that was printed leads. */
export function addSignInPage(app: ConsoleApp, signIn: SignIn): void {
  app.get('/sign-in', (context) => {
    // HEAD comes from whoever looks what a link is, a chat or a mail scanner, and must not use it up.
    const isOpened = context.req.raw.method === 'GET'
    const session = isOpened ? signIn.redeem(context.req.query('token') ?? '') : null
    if (session === null) return context.html(<SignInPage hasLinks isUsed />, 401)
    context.header('set-cookie', formatCookie(context.req.raw, sessionCookie, session, signIn.sessionMs / 1000), {
      append: true,
    })
    return context.html(<SignedInPage />)
  })
}

export function addSignOut(app: ConsoleApp, signIn: SignIn): void {
  app.post('/sign-out', (context) => {
    signIn.end(context.req.raw)
    context.header('set-cookie', formatCookie(context.req.raw, sessionCookie, '', 0), { append: true })
    return context.html(<SignedOutPage />)
  })
}
