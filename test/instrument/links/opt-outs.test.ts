import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../../src/index.ts'
import { optOuts as table } from '../../../src/instrument/links/opt-outs.ts'
import { optOutsInDocuments } from '../../kit/documents.ts'
import { fixed, signedDomain } from '../../kit/domains.ts'
import { optOutRules } from '../../kit/reasons.ts'
import { linkIn } from './outcome-of.ts'

/** In a body, where the fast paths take it. */
const link = (attributes: string): string => `<body>x<a ${attributes} href="https://example.org/">x</a>`

/** Each attribute that opts out, in the spellings that HTML takes for the same. */
const optOuts: readonly [sender: string, attribute: string][] = [
  ['mailtrace', 'data-no-track'],
  ['mailtrace', 'data-no-track=""'],
  ['mailtrace', 'data-no-track="false"'],
  ['mailtrace', 'DATA-No-Track'],
  ['Amazon SES', 'ses:no-track'],
  ['Amazon SES', 'ses:no-track=""'],
  ['SendGrid', 'clicktracking="off"'],
  ['SendGrid', 'clicktracking=off'],
  ['SendGrid', "ClickTracking='OFF'"],
  ['SendGrid', 'clicktracking=" off "'],
  ['SendGrid', 'clicktracking="&#111;ff"'],
  ['Postmark', 'data-pm-no-track'],
  ['SparkPost', 'data-msys-clicktrack="0"'],
  ['SparkPost', 'data-msys-clicktrack=0'],
  ['Mailchimp', 'mc:disable-tracking'],
  ['Mailgun', 'disable-tracking="true"'],
  ['Mailgun', 'disable-tracking=true'],
  ['a class', 'class="untracked"'],
  ['a class', 'class=untracked'],
  ['a class among others', 'class="button untracked\nwide"'],
  ['a class among others', 'class="button\tuntracked"'],
  ['another sender', 'data-skip-click'],
  ['Mautic', 'data-mautic-disable-tracking="true"'],
  ['Mautic', 'mautic:disable-tracking'],
  ['Mautic', 'mautic:disable-tracking="true"'],
  ['another sender', 'data-ph-no-track'],
  ['another sender', 'autotrack="false"'],
]

/** What looks like one and is none: another value, another name, the text of something else. */
const nearMisses: readonly string[] = [
  'clicktracking="on"',
  'clicktracking',
  'clicktracking=""',
  'clicktracking="offline"',
  'data-clicktracking="off"',
  'data-msys-clicktrack="1"',
  'data-msys-clicktrack="00"',
  'data-msys-clicktrack',
  'disable-tracking="false"',
  'disable-tracking',
  'disable-tracking="1"',
  'data-disable-tracking="true"',
  'class="Untracked"',
  'class="untracked-button"',
  'class="not-untracked"',
  'class="un tracked"',
  'class="button\u00a0untracked"',
  'class',
  'id="untracked"',
  // As long as the name of one.
  'style="untracked"',
  'data-no-trace',
  'data-campaign="off"',
  // Folding letters must fold nothing else: U+001A is a `:` with another bit.
  'ses\u001ano-track',
  'autotrack="true"',
  'autotrack',
  'data-mautic-disable-tracking="false"',
  'data-mautic-disable-tracking',
  'no-track',
  'data-no-tracking',
  'data-no-track-x',
  'xdata-no-track',
  'ses:no-track-x',
  'ses-no-track',
  'data-pm-no-tracks',
  'mc:disable-tracking-x',
  'data-skip-clicks',
  'data-ph-no-tracks',
  'title="data-no-track"',
  "title=' data-no-track '",
  'title="clicktracking=off"',
]

/** The attributes that stand in a list of such texts, by name. */
const namesIn = (attributes: readonly string[]): Set<string> =>
  new Set(attributes.map((attribute) => attribute.replace(/=.*/s, '')))

/** What stands for a sender in the rows of opt-outs that have none. */
const unnamed: readonly string[] = ['a class', 'a class among others', 'another sender']

describe.each(table)('the opt-out $name', ({ name, sender }) => {
  it('has rows above, with its sender', () => {
    const senders = optOuts.filter(([, attribute]) => namesIn([attribute.toLowerCase()]).has(name)).map(([of]) => of)
    expect(new Set(senders.map((of) => (unnamed.includes(of) ? null : of)))).toEqual(new Set([sender]))
  })
  it('stands in the random documents', () => expect(namesIn(optOutsInDocuments)).toContain(name))
  it('has a rule in the judge of reasons', () => expect(Object.keys(optOutRules)).toContain(name))
})

describe('an opt-out is understood', () => {
  it.each(optOuts)('%s: %s', (_, attribute) => {
    const html = link(attribute)
    expect(linkIn(html)).toMatchObject({ kind: 'skipped', reason: 'opt-out', href: 'https://example.org/' })
    expect(instrumentEmail(html, signedDomain, { ...fixed, openTracking: false }).html).toBe(html)
  })

  it.each(['a', 'area', 'v:roundrect'])('on %s, after the href too', (name) => {
    expect(linkIn(`<${name} href="https://example.org/" data-no-track>`)).toMatchObject({ reason: 'opt-out' })
  })

  it('in a conditional comment', () => {
    const html = '<!--[if mso]><v:rect data-no-track href="https://example.org/"><![endif]-->'
    expect(linkIn(html)).toMatchObject({ reason: 'opt-out' })
  })
})

describe('a near miss is no opt-out', () => {
  it.each(nearMisses)('%s', (attribute) => {
    expect(linkIn(link(attribute)).kind).toBe('tracked')
  })

  it('on another element', () => {
    const html = '<p data-no-track><a href="https://example.org/"><b class="untracked">x</b></a></p data-no-track>'
    expect(linkIn(html).kind).toBe('tracked')
  })

  it('the second of two attributes of one name, which HTML drops', () => {
    expect(linkIn(link('clicktracking="on" clicktracking="off"')).kind).toBe('tracked')
    expect(linkIn(link('class="button" class="untracked"')).kind).toBe('tracked')
  })
})
