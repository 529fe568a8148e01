// RFC 8058 wants a bare POST answered where List-Unsubscribe leads, so the body's link to the same place is never tracked.

import { describe, expect, it } from 'vitest'
import { type Message, plain, send } from './sending.ts'

const url = 'https://example.com/u?id=1&m=2'
const html = '<a href="https://example.com/u?id=1&amp;m=2">Unsubscribe</a> <a href="https://shop.example/">Shop</a>'
const text = `Unsubscribe: ${url} Shop: https://shop.example/`

const reasonsOf = (links: readonly { readonly kind: string; readonly reason?: string }[]): string[] =>
  links.map(({ kind, reason }) => reason ?? kind)

async function reasons(message: Message) {
  const { outcomes, failures } = await send({ ...plain, html, text, ...message }, { text: true })
  expect(failures).toEqual([])
  const [outcome] = outcomes
  if (outcome?.kind !== 'instrumented') throw new Error('not instrumented')
  return [reasonsOf(outcome.links), reasonsOf(outcome.textLinks)]
}

describe('opensend#384: the URL of List-Unsubscribe is left alone in both parts', () => {
  const rows: [what: string, message: Message][] = [
    ['list, a text', { list: { unsubscribe: url } }],
    ['list, by another case', { list: { Unsubscribe: url } as never }],
    ['list, with spaces', { list: { ' Unsubscribe ': url } as never }],
    ['list, an object', { list: { unsubscribe: { url, comment: 'Leave' } } }],
    ['list, several', { list: { unsubscribe: ['leave@example.com', url] } }],
    [
      'list, several in one header',
      { list: { unsubscribe: [['mailto:leave@example.com', { url, comment: 'Leave' }]] } },
    ],
    ['list, in brackets', { list: { unsubscribe: `<${url}>` } }],
    ['a header', { headers: { 'List-Unsubscribe': `<${url}>` } }],
    ['a header by another case', { headers: { 'list-unsubscribe': `<mailto:leave@example.com>, <${url}>` } }],
    [
      'a folded header',
      { headers: { 'List-Unsubscribe': '<mailto:leave@example.com>,\r\n <https://example.com/u?id=1\r\n &m=2>' } },
    ],
    ['a header without brackets', { headers: { 'List-Unsubscribe': url } }],
    ['a prepared header', { headers: { 'List-Unsubscribe': { prepared: true, value: `<${url}>` } } }],
    ['several headers', { headers: { 'List-Unsubscribe': ['<mailto:leave@example.com>', `<${url}>`] } }],
    [
      'a list of headers',
      {
        headers: [
          { key: 'X-Own', value: 'x' },
          { key: 'List-Unsubscribe', value: `<${url}>` },
        ],
      },
    ],
    ['one header', { headers: { key: 'List-Unsubscribe', value: `<${url}>` } as never }],
  ]
  it.each(rows)('%s', async (_, message) => {
    expect(await reasons(message)).toEqual([
      ['caller', 'tracked'],
      ['caller', 'tracked'],
    ])
  })

  it('of a URL without a scheme, as nodemailer writes it', async () => {
    const link = '<a href="http://example.com/u">Unsubscribe</a>'
    expect(await reasons({ html: link, text: '', list: { unsubscribe: 'example.com/u' } })).toEqual([['caller'], []])
  })

  it.each<[string, Message]>([
    [
      'no List-Unsubscribe',
      { list: { help: url, 'unsubscribe-post': url } as never, headers: { 'X-List-Unsubscribe': url } },
    ],
    [
      'what leads nowhere',
      { list: { unsubscribe: ['https://', 'mailto:leave@example.com', '', { url: undefined } as never] } },
    ],
    ['a list that is none', { list: null as never, headers: { 'List-Unsubscribe': '<>' } }],
  ])('%s says nothing', async (_, message) => {
    expect(await reasons(message)).toEqual([
      ['tracked', 'tracked'],
      ['tracked', 'tracked'],
    ])
  })
})

describe('sendgrid/docs#5611: what the HTML part opts out of is left alone in the text', () => {
  it.each<[string, Message, string[]]>([
    ['by an attribute', { html: html.replace('<a', '<a data-no-track') }, ['opt-out', 'tracked']],
    ['by skipLink', { mailtrace: { skipLink: ({ index }) => index === 0 } }, ['caller', 'tracked']],
    ['by skipUrls', { mailtrace: { skipUrls: [url] } }, ['caller', 'tracked']],
    [
      'together with links that lead elsewhere',
      { html: `<a data-no-track href="mailto:x@example.com">x</a>${html.replace('<a', '<a data-no-track')}` },
      ['opt-out', 'opt-out', 'tracked'],
    ],
  ])('%s', async (_, message, inHtml) => {
    expect(await reasons(message)).toEqual([inHtml, ['caller', 'tracked']])
  })

  it('but not what is left alone there for its own sake', async () => {
    const long = `https://shop.example/${'x'.repeat(3000)}`
    expect(
      await reasons({ html: `<a href="${long}">x</a><a href="#top">x</a>`, text: 'https://shop.example/ #top' }),
    ).toEqual([['too-long', 'fragment'], ['tracked']])
  })
})
