import { printable } from '../../../src/printable.ts'
import type { Html } from '../../../src/service/hono.ts'
import { LandingPage } from './demo-page.tsx'

/** Where a link of the newsletter leads. */
export const DestinationPage = ({ url }: { readonly url: URL }): Html => (
  <LandingPage title="You have arrived">
    <p>A page of the shop would be here, at the very address that stands in the newsletter:</p>
    <p class="mono">{printable(decoded(url), 300)}</p>
    <p class="soft">
      The tracking domain noted the click on the way, as far as the reader agreed to that. Close this tab to go back to
      the mail.
    </p>
  </LandingPage>
)

export const UnsubscribePage = (): Html => (
  <LandingPage title="You are unsubscribed">
    <p>Or would be. This link was not tracked: it is nobody’s business who leaves.</p>
    <p class="soft">Close this tab to go back to the mail.</p>
  </LandingPage>
)

function decoded({ href }: URL): string {
  try {
    return decodeURI(href)
  } catch {
    return href
  }
}
