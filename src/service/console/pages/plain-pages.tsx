import type { Html } from '../../hono.ts'
import { PlainPage } from '../parts/page.tsx'

export const SignInPage = ({ hasLinks, isUsed }: { readonly hasLinks: boolean; readonly isUsed: boolean }): Html => (
  <PlainPage title="You are not signed in">
    {isUsed ? (
      <p>This link was used already, or is of an earlier start. Each link signs in one browser, once.</p>
    ) : null}
    {hasLinks ? (
      <p>
        Open the link that was printed where mailtrace was started. It ends in <code>/sign-in?token=…</code>. To get a
        new one, start it again; <code>mailtrace serve</code> also gives one for the API’s key, by{' '}
        <code>POST /sign-in-link</code>.
      </p>
    ) : (
      <p>Sign in where you usually do, then come back to this page.</p>
    )}
  </PlainPage>
)

/**
 * A redirect would be part of a navigation that began elsewhere, as in the terminal of another site, and the new cookie would
 * not be sent with it. From this page on, the console is its own visitor.
 */
export const SignedInPage = (): Html => (
  <PlainPage title="You are signed in" refreshTo="/">
    <p>
      <a class="button main" href="/">
        Open the console
      </a>
    </p>
  </PlainPage>
)

export const SignedOutPage = (): Html => (
  <PlainPage title="You are signed out">
    <p>This browser no longer sees the console.</p>
  </PlainPage>
)

export const NotFoundPage = (): Html => (
  <PlainPage title="There is no such page">
    <p>It may have been removed, or belong to somebody else.</p>
    <p>
      <a class="button" href="/">
        Go to the overview
      </a>
    </p>
  </PlainPage>
)

export const RefusedPage = ({ title, what }: { readonly title: string; readonly what: string }): Html => (
  <PlainPage title={title}>
    <p>{what}</p>
    <p>
      <a class="button" href="/">
        Go to the overview
      </a>
    </p>
  </PlainPage>
)
