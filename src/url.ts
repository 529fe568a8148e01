// Owns parsing URLs. It never asks `URL.canParse`: on Node 20 and 22, once that is hot, V8 hands it Latin-1 as if it were
// UTF-8, and it refuses hosts such as `münchen.example` (AikidoSec/firewall-node#1086; seen with 20.20.2 and 22.23.3).

/** `null` for what the URL standard refuses. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** What a browser follows wherever it stands: `https:e.com` means another place in a page that is itself https. */
const absoluteWebUrl = /^https?:\/\//i

export const isAbsoluteWebUrl = (text: string): boolean => absoluteWebUrl.test(text)
