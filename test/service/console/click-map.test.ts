import { describe, expect, it } from 'vitest'
import { summarizeEngagement } from '../../../src/engagement/index.ts'
import { markLinks } from '../../../src/service/console/click-map.ts'
import type { MessageLink } from '../../../src/store/message-link.ts'

const domain = { name: 'example.com', trackingDomains: [] }
const link = (index: number, destination: string, more: Partial<MessageLink> = {}): MessageLink => ({
  part: 'html',
  index,
  element: 'a',
  name: null,
  destination,
  ...more,
})
const click = (id: string, index: number, more: object = {}) =>
  ({
    actor: 'person',
    reasons: [],
    event: {
      type: 'click',
      id,
      mode: 'full',
      messageRef: id,
      domain: 'example.com',
      time: 0,
      issuedAt: 0,
      userAgent: null,
      clientAddress: null,
      part: 'html',
      index,
      ...more,
    },
  }) as const
const summaryOf = (clicks: readonly ReturnType<typeof click>[], links: readonly MessageLink[]) =>
  summarizeEngagement(clicks as never, {
    tracked: { opens: 9, clicks: 9 },
    links: links.map((link) => ({ ...link, element: link.element ?? undefined })),
  })

describe('a click map', () => {
  const html =
    '<a href="https://a.example/">a</a><a href="mailto:x@y.example">b</a><a href="https://c.example/">c</a><a href="https://d.example/">d</a>'
  const links = [link(0, 'https://a.example/'), link(2, 'https://c.example/')]

  it('says of each link how many people followed it, or why nobody can say', () => {
    const clicks = [click('one', 0), click('two', 0), click('three', 2)]
    expect(markLinks({ html, links, summary: summaryOf(clicks, links), domain, isTracked: true })).toEqual([
      { tone: 'tracked', label: '0: 2 clicks', title: 'Link 0, 2 clicks by people: leads to https://a.example/' },
      { tone: 'skipped', label: '1', title: 'Link 1, not tracked: it is no web link: mailto, tel, an app' },
      { tone: 'tracked', label: '2: 1 click', title: 'Link 2, 1 click by people: leads to https://c.example/' },
      { tone: 'skipped', label: '3', title: 'Link 3, not tracked: the sender’s settings for this mail left it alone' },
    ])
  })

  it('says so of a copy whose clicks were not tracked', () => {
    const marks = markLinks({ html, links, summary: summaryOf([], links), domain, isTracked: false })
    expect(new Set(marks.map((mark) => mark?.tone))).toEqual(new Set(['skipped']))
    expect(marks[0]?.title).toBe('Link 0, not tracked: click tracking was off for this message')
  })

  it('takes no click on the text part for one on the HTML', () => {
    const text = link(0, 'https://a.example/', { part: 'text' })
    const summary = summaryOf([click('one', 0, { part: 'text' })], [...links, text])
    expect(markLinks({ html, links: [...links, text], summary, domain, isTracked: true })[0]?.label).toBe('0: 0 clicks')
    expect(markLinks({ html, links: [text], summary, domain, isTracked: true })[0]?.tone).toBe('skipped')
  })

  it('tells both forms of a button what people clicked in sum', () => {
    const button =
      '<!--[if mso]><v:roundrect href="https://a.example/"></v:roundrect><![endif]--><a href="https://a.example/">a</a>'
    const twins = [link(0, 'https://a.example/', { element: 'v:roundrect' }), link(1, 'https://a.example/')]
    const marks = markLinks({
      html: button,
      links: twins,
      summary: summaryOf([click('one', 0)], twins),
      domain,
      isTracked: true,
    })
    expect(marks.map((mark) => mark?.label)).toEqual(['0: 1 click', '1: 1 click'])
  })

  it('knows tracking URLs of the domain', () => {
    const own = { name: 'example.com', trackingDomains: [{ host: 'links.example.com', status: 'failed' as const }] }
    const mail = '<a href="https://links.example.com/c/abc">a</a>'
    const marks = (known: typeof own | typeof domain) =>
      markLinks({ html: mail, links: [], summary: summaryOf([], []), domain: known, isTracked: true })
    expect(marks(own)[0]?.title).toContain('it is a tracking URL of the domain already')
    expect(marks(domain)[0]?.title).not.toContain('already')
  })

  it('makes nothing of destinations but text', () => {
    const odd = [link(0, 'https://a.example/\u202e"><script>')]
    const title = markLinks({ html, links: odd, summary: summaryOf([], odd), domain, isTracked: true })[0]?.title
    expect(title).toBe('Link 0, 0 clicks by people: leads to https://a.example/\\u202e"><script>')
  })
})
