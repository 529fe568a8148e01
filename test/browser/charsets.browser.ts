// Mail in the charsets of the world: a click leads where it led before the message was instrumented.

import { describe, expect, it } from 'vitest'
import { instrumentMessage } from '../../src/message/index.ts'
import { followLink } from './follow-link.ts'
import { openStage } from './stage.ts'

const stage = await openStage()
const domain = stage.useDomain('links')

/** Bytes as they stand in an href of that charset. */
const charsets: readonly [charset: string, word: string, tracked: readonly string[]][] = [
  ['utf-8', 'caf\xc3\xa9', ['ascii', 'path', 'query', 'fragment', 'reference']],
  ['iso-8859-1', 'caf\xe9', ['ascii', 'path', 'fragment']],
  ['windows-1252', 'caf\xe9', ['ascii', 'path', 'fragment']],
  ['gb18030', '\xd6\xd0\xce\xc4', ['ascii', 'path', 'fragment']],
  ['shift_jis', '\x83\x5c\x83\x7d', ['ascii', 'path', 'fragment']],
  ['big5', '\xa4\xa4\xa4\xe5', ['ascii', 'path', 'fragment']],
  ['euc-kr', '\xb0\xa1\xb3\xaa', ['ascii', 'path', 'fragment']],
  ['euc-jp', '\xa5\xbd', ['ascii', 'path', 'fragment']],
  ['iso-2022-jp', '\x1b$B%=\x1b(B', []],
  ['utf-16', 'caf\u00e9', []],
]

const ids = ['ascii', 'path', 'query', 'fragment', 'reference'] as const
const hrefs = (word: string): readonly string[] => [
  'https://ascii.example/a?b=1&amp;c=2',
  `https://path.example/${word}/x?y=1`,
  `https://query.example/?q=${word}`,
  `https://fragment.example/a#${word}`,
  'https://reference.example/?q=&eacute;',
]

describe.each(charsets)('%s', (charset, word, tracked) => {
  const text = hrefs(word)
    .map((href, index) => `<p><a id="${ids[index]}" href="${href}">${word}</a>`)
    .join('\n')
  const content = charset === 'utf-16' ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text, 'latin1')
  const header = `Content-Type: text/html; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n`
  const raw = new Uint8Array(Buffer.from(header + content.toString('base64')))
  const { message, parts } = instrumentMessage(raw, domain)
  const after = Buffer.from(Buffer.from(message).toString('latin1').slice(header.length), 'base64')

  it('tracks what it can be sure of', () => {
    const [part] = parts
    const links = part?.kind === 'instrumented' ? part.links : []
    expect(links.flatMap(({ kind }, index) => (kind === 'tracked' ? [ids[index]] : []))).toEqual(tracked)
    if (tracked.length === 0) expect(message).toBe(raw)
  })

  it.each(ids)('the link with its word in %s leads where it led', async (id) => {
    const page = await stage.context.newPage()
    const land = async (html: Buffer): Promise<readonly string[]> => {
      stage.show(new Uint8Array(html), charset)
      await page.goto(stage.pageUrl)
      const { shown, visits } = await followLink(stage, page.locator(`#${id}`))
      return [shown, ...visits]
    }
    const before = await land(content)
    expect(before[0]).toContain(`https://${id}.example/`)
    expect(await land(after)).toEqual(before)
    expect(stage.takeEvents().filter(({ type }) => type === 'click').length).toBe(tracked.includes(id) ? 1 : 0)
    await page.close()
  })
})
