// A fast path decides nothing: what is decided about a link in plain mail is what is decided about it anywhere.

import { describe, expect, it } from 'vitest'
import { type InstrumentOptions, instrumentEmail, type LinkOutcome } from '../../../src/index.ts'
import { fixed, signedDomain } from '../../kit/domains.ts'
import { keepById } from '../../kit/fidelity.ts'

/** Where the fast paths take a link, and where they do not. */
const places: Record<string, (link: string) => string> = {
  'behind plain text': (link) => `<body><p>x</p>${link}y</a></body>`,
  'behind text alone': (link) => `<body>x${link}y</a>`,
  'first in the body': (link) => `<!doctype html><html><head><title>t</title></head><body>${link}y</a></body></html>`,
  'in a fragment': (link) => `<div>${link}y</a></div>`,
  'behind a tag that is no ordinary one': (link) => `<body><marquee x=y>${link}y</a>`,
  'in a template that was closed': (link) => `<body><template></template>${link}y</a>`,
}

const url = 'https://example.org/'
const links: readonly [attributes: string, outcome: string][] = [
  [`href="${url}"`, 'tracked'],
  [`href="${url}" id="x" style="a:b" target="_blank" title="t" rel="r" name="n"`, 'tracked'],
  [`href="${url}" id="keep"`, 'caller'],
  [`id="keep" href="${url}"`, 'caller'],
  [`title="a" id="keep" style="" href="${url}"`, 'caller'],
  [`class="untracked" href="${url}"`, 'opt-out'],
  [`href="${url}" class="untracked"`, 'opt-out'],
  [`href="${url}" class="a untracked b" style=""`, 'opt-out'],
  [`data-no-track href="${url}"`, 'opt-out'],
  [`href="${url}" data-no-track=""`, 'opt-out'],
  [`href="${url}" data-no-track`, 'opt-out'],
  [`ses:no-track="" href="${url}"`, 'opt-out'],
  [`href="${url}" clicktracking="off"`, 'opt-out'],
  [`data-pm-no-track="" href="${url}"`, 'opt-out'],
  [`href="${url}" data-msys-clicktrack="0"`, 'opt-out'],
  [`mc:disable-tracking="" href="${url}"`, 'opt-out'],
  [`href="${url}" disable-tracking="true"`, 'opt-out'],
  [`href="${url}" data-skip-click=""`, 'opt-out'],
  [`href="${url}" data-mautic-disable-tracking="true"`, 'opt-out'],
  [`data-ph-no-track="" href="${url}"`, 'opt-out'],
  [`href="${url}" autotrack="false"`, 'opt-out'],
  [`href="${url}" clicktracking="on"`, 'tracked'],
  ['href="{{url}}"', 'merge-tag'],
  [`href="${url}?a=%%b%%"`, 'merge-tag'],
  ['href="#top"', 'fragment'],
  ['href=""', 'empty'],
  ['href="mailto:a@b.example"', 'scheme'],
  ['href="/path"', 'relative'],
  ['href="https://1.2.3.999/"', 'invalid-url'],
  ['href="https://links.example.com/c/x"', 'already-tracked'],
  ['href="https://old.example.com/o/x"', 'already-tracked'],
  [`href="${url}${'a/'.repeat(200)}"`, 'too-long'],
]

const outcomeOf = (link: LinkOutcome | undefined): string | undefined =>
  link?.kind === 'tracked' ? 'tracked' : link?.reason

describe.each(Object.entries(places))('a link %s', (_, place) => {
  const options: InstrumentOptions = { ...fixed, openTracking: false, maxUrlLength: 256, skipLink: keepById }
  it.each(links)('<a %s> is %s', (attributes, outcome) => {
    const result = instrumentEmail(place(`<a ${attributes}>`), signedDomain, options)
    expect(result.links.map(outcomeOf)).toEqual([outcome])
  })

  it('is shown to the caller with all its attributes', () => {
    const seen: unknown[] = []
    const skipLink = ({ attributes }: { readonly attributes: object }): boolean => seen.push({ ...attributes }) === 0
    instrumentEmail(place(`<a id="x" href="${url}" title="a &amp; b">`), signedDomain, { ...options, skipLink })
    expect(seen).toEqual([{ id: 'x', href: url, title: 'a & b' }])
  })
})
