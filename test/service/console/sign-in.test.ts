import { describe, expect, it } from 'vitest'
import { createSignIn } from '../../../src/service/console/sign-in.ts'

const origin = 'http://localhost:8080'
const tokenOf = (link: string): string => new URL(link).searchParams.get('token')!
const requestWith = (cookie: string): Request => new Request(`${origin}/`, { headers: { cookie } })

describe('a sign-in link', () => {
  it('leads to the console with a token of 128 random bits', () => {
    const signIn = createSignIn()
    expect(signIn.link(origin)).toMatch(/^http:\/\/localhost:8080\/sign-in\?token=[A-Za-z0-9_-]{22}$/)
    expect(signIn.link(origin)).not.toBe(signIn.link(origin))
  })

  it('works once', () => {
    const signIn = createSignIn()
    const token = tokenOf(signIn.link(origin))
    expect(signIn.redeem(token)).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(signIn.redeem(token)).toBeNull()
  })

  it.each(['', 'x', 'A'.repeat(22)])('is not guessed as %j', (token) => {
    const signIn = createSignIn()
    signIn.link(origin)
    expect(signIn.redeem(token)).toBeNull()
  })

  it('counts as long as it is among the last ten that nobody opened', () => {
    const signIn = createSignIn()
    const tokens = Array.from({ length: 11 }, () => tokenOf(signIn.link(origin)))
    expect(signIn.redeem(tokens[0]!)).toBeNull()
    expect(signIn.redeem(tokens[1]!)).not.toBeNull()
    expect(signIn.redeem(tokens[10]!)).not.toBeNull()
  })
})

describe('a session', () => {
  const open = (options: Parameters<typeof createSignIn>[0] = {}) => {
    const signIn = createSignIn(options)
    const session = signIn.redeem(tokenOf(signIn.link(origin)))!
    return { signIn, session, request: requestWith(`a=b; mailtrace-session-8080=${session}; c=d`) }
  }

  it('is the owner who may change things, unless told otherwise', () => {
    const { signIn, request } = open()
    expect(signIn.identify(request)).toEqual({ owner: 'default', access: 'write' })
    const other = open({ owner: 'acme', access: 'read' })
    expect(other.signIn.identify(other.request)).toEqual({ owner: 'acme', access: 'read' })
  })

  it.each([
    '',
    'mailtrace-session-8080=',
    'mailtrace-session-8080=x',
    'xmailtrace-session-8080=SESSION',
    'mailtrace-session=SESSION',
    'mailtrace-session-8080',
  ])('is not that of a request with the cookie %j', (cookie) => {
    const { signIn, session } = open()
    expect(signIn.identify(requestWith(cookie.replace('SESSION', session)))).toBeNull()
  })

  it('ends after 12 hours, or when it was said', () => {
    let now = 0
    const { signIn, request } = open({ now: () => now })
    now = 43_200_000 - 1
    expect(signIn.identify(request)).not.toBeNull()
    now++
    expect(signIn.identify(request)).toBeNull()
    expect(signIn.sessionMs).toBe(43_200_000)
    expect(createSignIn({ sessionMs: 60_000 }).sessionMs).toBe(60_000)
  })

  it('ends when it is ended, alone', () => {
    const { signIn, request } = open()
    const other = requestWith(`mailtrace-session-8080=${signIn.redeem(tokenOf(signIn.link(origin)))}`)
    signIn.end(request)
    expect([signIn.identify(request), signIn.identify(other)]).toEqual([null, { owner: 'default', access: 'write' }])
  })

  it('makes room for others after a thousand', () => {
    const { signIn, request } = open()
    for (let count = 0; count < 999; count++) signIn.redeem(tokenOf(signIn.link(origin)))
    expect(signIn.identify(request)).not.toBeNull()
    signIn.redeem(tokenOf(signIn.link(origin)))
    expect(signIn.identify(request)).toBeNull()
  })
})

it.each([
  [{ access: 'admin' }, 'access is "admin": use one of read, write'],
  [{ sessionMs: 59_999 }, 'sessionMs is 59999: use a whole number of 60000 to 2592000000'],
  [{ sesionMs: 1 }, 'options has no field "sesionMs": use owner, access, sessionMs, now'],
])('refuses the options %j', (options, message) => {
  expect(() => createSignIn(options as never)).toThrow(
    expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(message) }),
  )
})
