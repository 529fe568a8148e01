import fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { emailDocument, framedEmail, type LinkMark } from '../../src/inspection/framed-email.ts'

interface Element {
  readonly tagName?: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly Element[]
}

const elementsOf = (node: Element): Element[] => [node, ...(node.childNodes ?? []).flatMap(elementsOf)]
const attributesOf = ({ attrs = [] }: Element): Record<string, string> =>
  Object.fromEntries(attrs.map(({ name, value }) => [name, value]))

/** The document in the frame, as a browser takes it out of the page. */
function documentIn(frame: string): string {
  const frames = elementsOf(parse(frame) as Element).filter(({ tagName }) => tagName === 'iframe')
  expect(frames.length).toBe(1)
  const { sandbox, srcdoc } = attributesOf(frames[0]!)
  expect(sandbox).toBe('')
  return srcdoc!
}

const elementsIn = (frame: string): Element[] => elementsOf(parse(documentIn(frame)) as Element)

const tracked: LinkMark = { tone: 'tracked', label: '0', title: 'to "x" & <y>' }
const skipped: LinkMark = { tone: 'skipped', label: '1', title: 'no' }

describe('a framed email', () => {
  it('has its links marked, whatever attributes of the same names they carry', () => {
    const html =
      '<a href="https://a.example/" data-mailtrace="skipped" title="t" target="_top">a</a><a class=x href=#b>b</a><a href="#c">c</a>'
    const links = elementsIn(framedEmail(html, 'title', [tracked, skipped])).filter(({ tagName }) => tagName === 'a')
    expect(links.map(attributesOf)).toEqual([
      {
        'data-mailtrace': 'tracked',
        'data-mailtrace-label': '0',
        title: 'to "x" & <y>',
        target: '_blank',
        href: 'https://a.example/',
      },
      {
        'data-mailtrace': 'skipped',
        'data-mailtrace-label': '1',
        title: 'no',
        target: '_blank',
        class: 'x',
        href: '#b',
      },
      { href: '#c' },
    ])
  })

  it('shows where its pixels stand', () => {
    const document = documentIn(
      framedEmail('<p>x</p><img src="https://l/o/1">', 'title', [], ['https://l/o/1', 'gone']),
    )
    expect(document).toContain(
      '<p>x</p><span data-mailtrace="pixel" data-mailtrace-label="pixel"></span><img src="https://l/o/1">',
    )
    expect(document.match(/<span/g)?.length).toBe(1)
  })

  it('has no marks in what no browser shows, or where a tag may be text', () => {
    const html =
      '<!--[if mso]><a href="https://a.example/">a</a><![endif]--><select><svg></select><style><a href="https://b.example/">'
    expect(documentIn(framedEmail(html, 'title', [tracked, skipped]))).toContain(html)
  })

  it.each([
    '<link rel="preconnect" href="https://evil.example">',
    '<LINK rel=dns-prefetch href=//evil.example>',
    '<link/rel=preload href=//evil.example>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<MeTa\nhttp-equiv=refresh content=0>',
  ])('asks for nothing by %s', (html) => {
    const last = elementsIn(framedEmail(html, 'title', [])).findLast(({ tagName }) => tagName === 'meta')!
    expect(attributesOf(last)['http-equiv']).toBe('')
    expect(elementsIn(framedEmail(html, 'title', [])).filter(({ tagName }) => tagName === 'link')).toEqual([])
  })

  it.each([
    ['<iframe src="https://evil.example">', 'iframe'],
    ['<FRAMESET><FRAME src="https://evil.example">', 'frame'],
    ['<object data="https://evil.example">', 'object'],
    ['<embed/src=https://evil.example>', 'embed'],
    ['<iframe srcdoc="<img>">', 'iframe'],
  ])('loads nothing by %s', (html, name) => {
    const [element] = elementsIn(framedEmail(html, 'title', [])).filter(({ tagName }) => tagName === name)
    expect(attributesOf(element!)).toMatchObject({ src: '', srcdoc: '', data: '' })
  })

  it.each(['<frameset>', '<metadata http-equiv=x>', '<links href=x>', '<iframes src=x>'])(
    'leaves %s as it is',
    (html) => {
      expect(documentIn(framedEmail(html, 'title', []))).toMatch(new RegExp(`${html}$`))
    },
  )

  it('begins with its policy and its base, whatever the email has', () => {
    const all = elementsIn(framedEmail('<base href="https://evil.example" target="_self"><p>x', 'title', []))
    expect(attributesOf(all.find(({ tagName }) => tagName === 'meta')!)).toEqual({
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    })
    expect(attributesOf(all.find(({ tagName }) => tagName === 'base')!)).toEqual({ target: '_blank' })
  })

  it('never leaves its frame', () => {
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '&quot;',
      '</iframe>',
      '<iframe srcdoc=',
      '<a href=x>',
      '<link ',
      '-->',
      '\0',
      '\ud800',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        const html = parts.join('')
        const page = `<p>before</p>${framedEmail(html, html, [tracked, skipped])}<p>after</p>`
        const shape = elementsOf(parse(page) as Element).map(({ tagName }) => tagName)
        expect(shape.filter(Boolean)).toEqual(['html', 'head', 'body', 'p', 'iframe', 'p'])
      }),
    )
  })
})

describe('an email as a document of its own', () => {
  it('is the one that stands in a frame', () => {
    const html = '<!doctype html><title>t</title><a href="https://a.example/">a</a><img src="https://l/o/1">'
    const document = emailDocument(html, [tracked], { pixelUrls: ['https://l/o/1'] })
    expect(document).toBe(documentIn(framedEmail(html, 'title', [tracked], ['https://l/o/1'])))
  })

  it('is read as a browser reads mail, whatever stands in front of its doctype', () => {
    expect((parse(emailDocument('<p>x', [])) as { mode?: string }).mode).toBe('no-quirks')
  })

  it('loads images, and shows no box for them, once somebody asked', () => {
    const policyOf = (document: string) =>
      attributesOf(elementsOf(parse(document) as Element).find(({ tagName }) => tagName === 'meta')!).content
    const html = '<img src="https://a.example/">'
    expect(policyOf(emailDocument(html, [], { loadsImages: true }))).toBe(
      "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'",
    )
    expect(emailDocument(html, [], { loadsImages: true })).not.toContain('img:not(')
    expect(policyOf(emailDocument(html, []))).toBe("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    expect(emailDocument(html, [])).toContain('img:not([src^="data:"])')
  })
})
