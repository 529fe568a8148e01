import { quote } from '../errors.ts'

/**
 * Why a request was refused, in the order of the checks. Beside each reason stand the status of the answer, and what to look
 * at if the request was no stranger's.
 */
export const missReasons = {
  'bad-url': { status: 400, advice: 'no URL can be made of it' },
  'wrong-method': { status: 405, advice: 'readers send GET and HEAD' },
  'unknown-path': { status: 404, advice: 'mount the receiver without a prefix' },
  'url-too-long': { status: 404, advice: 'over 8,192 characters before its query' },
  'unknown-host': {
    status: 404,
    advice: 'no tracking domain in "domains" has this host; behind a proxy that rewrites it set host: forwardedHost()',
  },
  'unlisted-host': { status: 404, advice: 'the domain that "domains" gave does not list it' },
  'no-signing-keys': { status: 404, advice: 'a signed link, but its domain has no signingKeys here' },
  'bad-reference': {
    status: 404,
    advice: 'cut or changed, or signed by another domain: name and signingKeys must be those that sent the mail',
  },
  'no-find-reference': { status: 404, advice: 'a stored link, but there is no findReference' },
  'unknown-reference': { status: 404, advice: 'findReference does not know it' },
  'no-destination': { status: 404, advice: 'findReference gave no destination' },
  'refused-destination': { status: 404, advice: 'no web URL, or a tracking host of the domain itself' },
  'redirect-refused': { status: 410, advice: 'mayRedirect said no' },
} as const

export type MissReason = keyof typeof missReasons

/** A request that was refused. */
export interface Miss {
  readonly reason: MissReason
  /** What was asked for; `null` for the probe, and for what is neither. */
  readonly type: 'click' | 'open' | null
  /**
   * The host that was asked for, as the request or the `host` hook says it, its first 260 characters: anybody chooses it. `null`
   * where there is none.
   */
  readonly host: string | null
  /** The sending domain that lists the host; `null` if the request was refused before it was known. */
  readonly domain: string | null
}

const names = { click: 'a click', open: 'an open' }

/** The default `onMiss`: prints the first of each reason, as strangers send the rest by the million. */
export function createMissPrinter(): (miss: Miss) => void {
  const told = new Set<MissReason>()
  return ({ reason, type, host }) => {
    if (told.has(reason)) return
    told.add(reason)
    const { status, advice } = missReasons[reason]
    console.warn(
      `mailtrace: ${status} for ${type === null ? 'a request' : names[type]} at ${quote(host)}: ${reason}, ${advice}. Said once: use onMiss for all`,
    )
  }
}
