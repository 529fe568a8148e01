/** In UTF-16 code units. Real host names have at most 253 characters. */
const maxAuthorityLength = 1024

/** What the URL parser passes over before the authority: white space, the scheme, any number of slashes. */
const authorityStart = /^[\0-\x20]*[a-z][a-z0-9+.\-\t\n\r]*:[/\\\t\n\r]*/i

/**
 * `null` for what the URL standard refuses, and for an authority of over 1,024 code units: `new URL` takes quadratic time for
 * international host names (512,000 combining marks took 35 s on Node 20).
 *
 * It never asks `URL.canParse`: on Node 20 and 22, once that is hot, V8 hands it Latin-1 as if it were UTF-8, and it
 * refuses hosts such as `münchen.example` (AikidoSec/firewall-node#1086; seen with 20.20.2 and 22.23.3).
 */
export function parseUrl(text: string): URL | null {
  if (text.length > maxAuthorityLength && hasLongAuthority(text)) return null
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function hasLongAuthority(text: string): boolean {
  const start = authorityStart.exec(text)?.[0].length ?? 0
  const length = text.slice(start, start + maxAuthorityLength + 1).search(/[/\\?#]/)
  return length === -1 && text.length - start > maxAuthorityLength
}

/** What a browser follows wherever it stands: `https:e.com` means another place in a page that is itself https. */
const absoluteWebUrl = /^https?:\/\//i

export const isAbsoluteWebUrl = (text: string): boolean => absoluteWebUrl.test(text)
