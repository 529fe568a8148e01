import { describe, expect, it, vi } from 'vitest'
import { createTlsAsk, type DomainConfig, type TlsAskOptions } from '../../src/receiver/index.ts'
import { domain, hang, otherDomain } from './fixtures.ts'

const local: DomainConfig = { ...domain, trackingDomains: [{ host: 'links.localhost:8443', status: 'verified' }] }

async function ask(options: TlsAskOptions, query: string, init?: RequestInit) {
  const response = await createTlsAsk(options)(new Request(`http://127.0.0.1:8081/${query}`, init))
  return [response.status, await response.text()] as const
}

const yes = [200, 'This host is listed.\n']
const no = [404, 'No domain lists this host.\n']
const noHost = [404, 'Ask with ?domain= and a host name.\n']

const questions: [what: string, query: string, answer: readonly unknown[]][] = [
  ['a host that is verified', '?domain=links.example.com', yes],
  ['a former host whose record fails: mail that is out leads there', '?domain=old.example.com', yes],
  ['a host of another domain', '?domain=links.other.example', yes],
  ['capitals and a trailing dot', '?domain=LINKS.Example.com.', yes],
  ['another parameter beside it', '?x=1&domain=links.example.com', yes],
  ['whatever path', 'tls/ask?domain=links.example.com', yes],
  ['a fragment, which no server sends', '?domain=links.example.com#x', yes],
  ['a host that nobody lists', '?domain=links.example.net', no],
  ['a host below one that is listed', '?domain=a.links.example.com', no],
  ['the sending domain itself', '?domain=example.com', no],
  ['a listed host with a port', '?domain=links.example.com:8443', no],
  ['no query', '', noHost],
  ['no domain', '?host=links.example.com', noHost],
  ['an empty domain', '?domain=', noHost],
  ['a URL', '?domain=https://links.example.com', noHost],
  ['a host and a path', '?domain=links.example.com/x', noHost],
  ['261 characters', `?domain=${'a.'.repeat(125)}example.com`, noHost],
]

describe('createTlsAsk', () => {
  describe.each<[string, TlsAskOptions['domains']]>([
    ['a list', [domain, otherDomain]],
    [
      'a lookup',
      (host) =>
        [domain, otherDomain].find(({ trackingDomains }) => trackingDomains.some((known) => known.host === host)),
    ],
    [
      'a lookup that takes its time',
      async (host) =>
        [domain, otherDomain].find(({ trackingDomains }) => trackingDomains.some((known) => known.host === host)) ??
        null,
    ],
  ])('over %s', (_, domains) => {
    it.each(questions)('%s: %s', async (__, query, answer) => {
      expect(await ask({ domains }, query)).toEqual(answer)
    })
  })

  it('takes one domain, and leaves the port of a local host out, as a certificate does', async () => {
    expect(await ask({ domains: local }, '?domain=links.localhost')).toEqual(yes)
    expect(await ask({ domains: () => local }, '?domain=links.localhost')).toEqual(yes)
  })

  it('does not trust a lookup that gives a domain without the host', async () => {
    expect(await ask({ domains: () => otherDomain }, '?domain=links.example.com')).toEqual(no)
  })

  it('hands what the platform passes on to the hooks', async () => {
    const env = { KV: {} }
    const domains = vi.fn(() => Promise.reject(new Error('down')))
    const onError = vi.fn()
    await createTlsAsk({ domains, onError })(new Request('http://x/?domain=links.example.com'), env, 2)
    expect(domains.mock.calls).toEqual([['links.example.com', env, 2]])
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ source: 'domains' }), env, 2]])
  })

  it('answers HEAD alike, without the text', async () => {
    expect(await ask({ domains: domain }, '?domain=links.example.com', { method: 'HEAD' })).toEqual([200, ''])
  })

  it('answers no other method', async () => {
    const expected = [405, 'Only GET and HEAD are answered here.\n']
    expect(await ask({ domains: domain }, '?domain=links.example.com', { method: 'POST' })).toEqual(expected)
  })

  it('is never cached', async () => {
    const response = await createTlsAsk({ domains: domain })(new Request('http://x/?domain=links.example.com'))
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
    })
  })

  it.each<[string, TlsAskOptions['domains'], unknown]>([
    [
      'throws',
      () => {
        throw new Error('down')
      },
      new Error('down'),
    ],
    ['rejects', () => Promise.reject(new Error('down')), new Error('down')],
    [
      'hangs',
      hang,
      expect.objectContaining({
        code: 'timed-out',
        message: '"domains" did not settle within 20 ms: make it faster, or allow it more time',
      }),
    ],
    ['gives what is no domain', () => ({}) as DomainConfig, expect.objectContaining({ code: 'invalid-config' })],
  ])('answers 503 if the lookup %s, and says why to onError', async (_, domains, cause) => {
    const onError = vi.fn()
    expect(await ask({ domains, onError, lookupTimeoutMs: 20 }, '?domain=links.example.com')).toEqual([
      503,
      'This cannot be told right now.\n',
    ])
    expect(onError.mock.calls).toEqual([[{ source: 'domains', cause, events: [] }]])
  })

  it('prints failures without an onError, and what onError throws', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const domains = () => Promise.reject(new Error('down'))
    await ask({ domains }, '?domain=links.example.com')
    await ask({ domains, onError: () => Promise.reject(new Error('lost')) }, '?domain=links.example.com')
    await vi.waitFor(() => expect(printed).toHaveBeenCalledTimes(2))
    expect(printed.mock.calls).toEqual([
      ['mailtrace: domains failed, events not recorded: 0', new Error('down')],
      ['mailtrace: onError failed', new Error('lost')],
    ])
    printed.mockRestore()
  })

  it.each<[string, TlsAskOptions, string]>([
    [
      'an unknown option',
      { domains: domain, ask: 1 } as never,
      'options has no field "ask": use domains, onError, lookupTimeoutMs',
    ],
    ['an onError that is none', { domains: domain, onError: 1 as never }, 'onError is 1: use a function'],
    [
      'a time-out of 0',
      { domains: domain, lookupTimeoutMs: 0 },
      'lookupTimeoutMs is 0: use a whole number of 1 to 60000',
    ],
    [
      'a time-out over a minute',
      { domains: domain, lookupTimeoutMs: 60_001 },
      'lookupTimeoutMs is 60001: use a whole number of 1 to 60000',
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => createTlsAsk(options)).toThrow(expect.objectContaining({ code: 'invalid-options', message }))
  })

  it('refuses a domain that is wrong', () => {
    expect(() => createTlsAsk({ domains: [{ ...domain, name: '' }] })).toThrow(
      expect.objectContaining({ code: 'invalid-config' }),
    )
  })
})
