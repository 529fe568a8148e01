import { optionChecks } from '../../checks.ts'
import { randomRef } from '../../tracking-url/random-ref.ts'
import { type Access, accessModes, type Identity } from '../service-options.ts'
import { readCookie } from './cookies.ts'

/** Options of {@link createSignIn}. */
export interface SignInOptions {
  /** Whose domains and numbers are shown. Default: `'default'` */
  readonly owner?: string | undefined
  /** Default: `'write'` */
  readonly access?: Access | undefined
  /** How long a browser stays signed in, in ms, from 60,000 to 2,592,000,000 (30 days). Default: 43,200,000 (12 hours) */
  readonly sessionMs?: number | undefined
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

/** Signing in to the console by a link that works once. */
export interface SignIn {
  /**
   * A URL that signs in the browser that opens it first. Of many that nobody opened, the last ten count.
   *
   * @param origin `http://localhost:8080`
   */
  link(origin: string): string
  /** The session that a link's token gives, once; `null` for any other. */
  redeem(token: string): string | null
  /** Who sends a request; `null`: nobody who is signed in. */
  identify(request: Request): Identity | null
  /** Ends the session of whoever sends a request. */
  end(request: Request): void
  readonly sessionMs: number
}

export const sessionCookie = 'mailtrace-session'

/** Links that nobody opened, and sessions: what more come than these, the oldest makes room. */
const [mostLinks, mostSessions] = [10, 1000]

/** In ms. */
const [minute, halfDay, month] = [60_000, 43_200_000, 2_592_000_000]

/**
 * Sign-in for a console on the machine of whoever started it: a link with a random token is printed there, and whoever can
 * read it is the one. Sessions live in this process. Behind a proxy, or with several processes, use `authorize`.
 *
 * @throws {MailtraceError} `invalid-options`.
 * @example
 * import { createSignIn } from 'mailtrace/service'
 *
 * const signIn = createSignIn()
 * console.log(signIn.link('http://localhost:8080').split('=')[0]) // http://localhost:8080/sign-in?token
 */
export function createSignIn(options: SignInOptions = {}): SignIn {
  optionChecks.object(options, 'options', ['owner', 'access', 'sessionMs', 'now'])
  const { owner = 'default', access = 'write', now = Date.now } = options
  const sessionMs = optionChecks.integer(options.sessionMs ?? halfDay, 'sessionMs', minute, month)
  const identity: Identity = { owner, access: optionChecks.oneOf(access, 'access', accessModes) }
  const links = new Set<string>()
  const sessions = new Map<string, number>()
  const sessionOf = (request: Request): string => readCookie(request, sessionCookie) ?? ''
  return {
    sessionMs,
    link(origin) {
      const token = randomRef()
      links.add(token)
      dropOldest(links, mostLinks)
      return `${origin}/sign-in?token=${token}`
    },
    redeem(token) {
      if (!links.delete(token)) return null
      const session = randomRef()
      sessions.set(session, now() + sessionMs)
      dropOldest(sessions, mostSessions)
      return session
    },
    identify(request) {
      const endsAt = sessions.get(sessionOf(request))
      return endsAt !== undefined && now() < endsAt ? identity : null
    },
    end: (request) => void sessions.delete(sessionOf(request)),
  }
}

/** Both keep the order in which their keys came. */
function dropOldest(kept: Set<string> | Map<string, number>, most: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return
    kept.delete(key)
  }
}
