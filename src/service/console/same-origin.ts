// What proves that a change was asked for on a page of the console: where the browser says that the request comes from, and a
// token that only a page of the console has. Either alone would do in a recent browser.

import { randomRef } from '../../tracking-url/random-ref.ts'
import { parseUrl } from '../../url.ts'
import { formatCookie, readCookie } from './cookies.ts'

const cookie = 'mailtrace-form'
/** As {@link randomRef} makes them: whatever else is in the cookie is not ours. */
const token = /^[A-Za-z0-9_-]{22}$/

/** The token for the forms of a page, and the cookie to set if the browser has none yet. */
export function formToken(request: Request): { readonly token: string; readonly setCookie: string | null } {
  const known = readCookie(request, cookie)
  if (known !== null && token.test(known)) return { token: known, setCookie: null }
  const fresh = randomRef()
  return { token: fresh, setCookie: formatCookie(request, cookie, fresh) }
}

/** Whether a form with this token was sent from a page of the console. */
export const isOwnForm = (request: Request, given: string | null): boolean =>
  isSameOrigin(request) && given !== null && token.test(given) && given === readCookie(request, cookie)

/**
 * Browsers send `Sec-Fetch-Site` to https and to localhost alone; a proxy in front changes nothing about it. `Origin` comes with
 * every form that is posted; its scheme is not compared, as a proxy may end TLS.
 */
function isSameOrigin({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = parseUrl(headers.get('origin') ?? '')
  return origin !== null && origin.host === (headers.get('host') ?? new URL(url).host)
}

/** Whether somebody followed a link of the console, or typed its address: another site cannot have sent them. */
export const isOwnVisit = ({ headers }: Request): boolean =>
  ['same-origin', 'none', null].includes(headers.get('sec-fetch-site'))
