/** In UTF-16 code units. */
const maxAuthorityLength = 1024
/** In UTF-16 code units: no name in DNS is longer, and its international form is shorter. */
const maxInternationalHostLength = 253

/** What the URL parser passes over before the authority: white space, the scheme, any number of slashes. */
const authorityStart = /^[\0-\x20]*[a-z][a-z0-9+.\-\t\n\r]*:[/\\\t\n\r]*/i

/**
 * `null` for what the URL standard refuses, for an authority of over 1,024 code units, and for an international host of over
 * 253: `new URL` takes quadratic time for those (512,000 combining marks took 35 s on Node 20, 1,000 CJK characters 1.7 ms).
 *
 * It never asks `URL.canParse`: on Node 20 and 22, once that is hot, V8 hands it Latin-1 as if it were UTF-8, and it
 * refuses hosts such as `münchen.example` (AikidoSec/firewall-node#1086; seen with 20.20.2 and 22.23.3).
 */
export function parseUrl(text: string): URL | null {
  if (text.length > maxInternationalHostLength && hasLongAuthority(text)) return null
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function hasLongAuthority(text: string): boolean {
  const start = authorityStart.exec(text)?.[0].length ?? 0
  const [authority = ''] = text.slice(start, start + maxAuthorityLength + 1).split(/[/\\?#]/, 1)
  if (authority.length > maxAuthorityLength) return true
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return host.length > maxInternationalHostLength && mayBeInternational.test(host)
}

/** Percent-encoded too. */
const mayBeInternational = /[^\0-\x24\x26-\x7f]/

/** What a browser follows wherever it stands: `https:e.com` means another place in a page that is itself https. */
const absoluteWebUrl = /^https?:\/\//i

export const isAbsoluteWebUrl = (text: string): boolean => absoluteWebUrl.test(text)
