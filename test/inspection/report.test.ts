import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { type DomainConfig, type InstrumentOptions, instrumentEmail } from '../../src/index.ts'
import { inspectEmail } from '../../src/inspection/inspect-email.ts'
import { formatReport } from '../../src/inspection/report.ts'
import { storedDomain as domain } from '../kit/domains.ts'

function report(html: string, changes: Partial<DomainConfig> = {}, options: InstrumentOptions = {}): string {
  const email = instrumentEmail(html, { ...domain, ...changes }, options)
  return formatReport({
    name: 'mail.html',
    html,
    email,
    domain: { ...domain, ...changes },
    inspection: inspectEmail(html, email),
    time: Date.UTC(2026, 10, 24, 20, 10),
  })
}

/** What a reader sees of the page outside its frames. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|iframe).*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

const hostile = [
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</title></style></iframe><script src=//evil.example></script>',
  '\u202e\u001b[2J',
]

describe('the report', () => {
  it('says what the inspection found', () => {
    const html =
      '<p>x\n<a href="https://example.org/a?b=1&amp;c=2">one <b>&amp; two</b></a> <a href="#top"></a> <a href="https://example.org/">www.example.net</a></p>'
    const text = textOf(report(html, {}, { messageRef: 'm234567890123456' }))
    expect(text).toContain('mail.html Mail of example.com, inspected on 24 November 2026, 20:10 UTC')
    expect(text).toContain('Tracking Active opens and clicks through links.example.com')
    expect(text).toContain('Links 2 of 3 tracked 1 left alone, each with its reason')
    expect(text).toContain('Open pixel Placed on line 2')
    expect(text).toMatch(/Size \d+ bytes 1\d\d before\. Gmail clips after 102,400\./)
    expect(text).toContain('shown-address link 2 shows &quot;www.example.net&quot; but leads to https://example.org/')
    expect(text).toContain(
      '0 one &amp; two line 2, a tracked https://example.org/a?b=1&amp;c=2 tracking URL https://links.example.com/c/m234567890123456/0',
    )
    expect(text).toContain('1 no text line 2, a fragment it leads to a place in the mail itself #top')
  })

  it.each([
    [{ clickTracking: false }, 'Tracking Active opens only through links.example.com'],
    [{ trackingDomains: [] }, 'Tracking Inactive inactive: example.com has no tracking domain'],
  ])('with %j says what is off', (changes, text) => {
    expect(textOf(report('<a href="https://example.org/">x</a>', changes))).toContain(text)
  })

  it('says so when there is nothing to warn of, and when a link is for Outlook', () => {
    const text = textOf(report('<p><!--[if mso]><v:rect href="https://example.org/"></v:rect><![endif]-->'))
    expect(text).toContain('Warnings Nothing to look out for.')
    expect(text).toContain('line 1, v:rect, only in Outlook')
  })

  it('shows how near the size is to what Gmail clips', () => {
    expect(report('<p>x')).toMatch(/<span class="bar"><i style="width:0%">/)
    expect(report('x'.repeat(51_200))).toMatch(/<span class="bar"><i style="width:50%">/)
    expect(report('x'.repeat(200_000))).toMatch(/<span class="bar bad"><i style="width:100%">/)
  })

  it('says what the sender calls a link', () => {
    expect(textOf(report('<a href="#x" data-link-name="to &lt;x&gt;">x</a>'))).toContain(
      'line 1, a, named to &lt;x&gt;',
    )
  })

  it('has no link table where there are no links', () => {
    expect(report('<p>x')).not.toContain('<table>')
  })

  it.each(hostile)('takes nothing of %j for its own', (text) => {
    const attribute = text.replaceAll('"', '&quot;')
    const html = `<a href="https://example.org/${attribute}" title="${attribute}">${text}</a><a href="x:${attribute}">${text}</a>${text}`
    const email = instrumentEmail(html, domain)
    const page = formatReport({
      name: text,
      html,
      email,
      domain,
      inspection: inspectEmail(html, email),
      time: 1_790_000_000_000,
    })
    const names = new Set<string>()
    const handlers: string[] = []
    interface Node {
      readonly tagName?: string
      readonly attrs?: readonly { readonly name: string }[]
      readonly childNodes?: readonly Node[]
    }
    const walk = (node: Node): void => {
      if (node.tagName) names.add(node.tagName)
      for (const { name } of node.attrs ?? []) if (/^on|^src$|^background$/.test(name)) handlers.push(name)
      for (const child of node.childNodes ?? []) walk(child)
    }
    walk(parse(page) as Node)
    expect(
      [...names].filter((name) => ['script', 'img', 'link', 'form', 'object', 'embed', 'base'].includes(name)),
    ).toEqual([])
    expect(handlers).toEqual([])
    expect(page.replace(/<iframe.*?<\/iframe>/gs, '')).not.toMatch(/[\u001b\u202e]/)
  })

  it('allows itself neither scripts nor anything remote', () => {
    expect(report('<p>x')).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    )
    expect(report('<p>x').replace(/<iframe.*?<\/iframe>/gs, '')).not.toMatch(/<script|https?:\/\/|url\(/)
  })
})
