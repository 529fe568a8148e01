// What others tracked, or broke, that has to be left alone; and what they left alone that is to be tracked.

import { describe, expect, it } from 'vitest'
import { type DomainConfig, instrumentEmail, type LinkSite, readTrackingUrl } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { type Case, linksOf, runCases } from './outcomes.ts'

const u = 'https://x.example/'

const skipped = (name: string, reason: string, href: string): Case => ({
  name,
  html: `<a href="${href}">x</a>`,
  links: [`${reason} ${href}`],
})

describe('no web link', () => {
  runCases([
    skipped(
      '#30 dada-mail#242, Notifuse#163, mautic#16043, civicrm#26248: mailto',
      'scheme',
      'mailto:a@b.example?subject=x',
    ),
    skipped('#31 mail-tracker#276: tel', 'scheme', 'tel:+1-555-0100'),
    skipped('#31 mail-tracker#276: sms', 'scheme', 'sms:+15550100?body=hi'),
    skipped('#32 odoo#271557, civicrm#20115: a section', 'fragment', '#section'),
    skipped('#32 odoo#271557, civicrm#20115: a query', 'relative', '?x'),
    skipped('#32 odoo#271557, civicrm#20115: # alone', 'fragment', '#'),
    skipped('#33 mail-tracker (code): empty', 'empty', ''),
    skipped('#33 mail-tracker (code): blank', 'empty', ' '),
    skipped('#34 pass-culture-api#2054, BranchMetrics, posthog.com#18076: an app', 'scheme', 'myapp://open?id=1'),
    {
      name: '#34 pass-culture-api#2054, BranchMetrics, posthog.com#18076: a universal link opts out',
      html: `<a href="${u}app/1" clicktracking="off">x</a>`,
      links: [`opt-out ${u}app/1`],
    },
    {
      name: '#35 supabase/auth#1214, codebar/auth#55, agent-native#3867: a magic link opts out',
      html: `<a href="${u}verify?token=abc" data-no-track>x</a>`,
      links: [`opt-out ${u}verify?token=abc`],
    },
    {
      name: '#34 and #35: by the prefix of a path',
      html: `<a href="${u}app/1">1</a><a href="${u}apple">2</a>`,
      links: [`caller ${u}app/1`, `tracked ${u}apple`],
      options: { skipLink: ({ destination }) => new URL(destination).pathname.startsWith('/app/') },
    },
  ])
})

describe('unsubscribe links', () => {
  const unsubscribe = `${u}u/1?a=1&b=2`
  const inList = ({ destination }: LinkSite): boolean => destination === unsubscribe

  runCases([
    {
      name: '#37 MailPoet#5850, emailengine@34cdc38: by attribute',
      html: `<a href="${u}u/1" data-pm-no-track>x</a>`,
      links: [`opt-out ${u}u/1`],
    },
    {
      name: '#37 MailPoet#5850, emailengine@34cdc38: by the URLs in the List-Unsubscribe header',
      html: `<a href=" ${unsubscribe.replace('&', '&amp;')}\n">1</a><a href="${u}u/2">2</a>`,
      links: [`caller  ${unsubscribe}\n`, `tracked ${u}u/2`],
      options: { skipLink: inList },
    },
    {
      name: '#64 opensend, ahoy: a page about unsubscribing is a link like any other',
      html: `<a href="${u}blog/unsubscribe-rates">x</a><a href="${u}blog/opt-out">y</a>`,
      links: [`tracked ${u}blog/unsubscribe-rates`, `tracked ${u}blog/opt-out`],
    },
  ])

  it('#38 MailPoet#7026: a recipient who opted out gets the HTML unchanged', () => {
    const html = `<a href="${u}">x</a>`
    const result = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false, clickTracking: false })
    expect(result.html).toBe(html)
    expect(result.links).toEqual([])
    expect(result.activation).toEqual({ active: false, reason: 'tracking-disabled' })
    expect(result.pixel).toEqual({ kind: 'skipped', reason: 'inactive' })
  })
})

describe('templates that were not rendered', () => {
  runCases([
    skipped('#39 listmonk#667, listmonk#1775: {{url}}', 'merge-tag', '{{url}}'),
    skipped('#39 mautic#7133: {contactfield=x}', 'merge-tag', `${u}?u={contactfield=x}`),
    skipped('#39 MailPoet#6072: [subscriber:x]', 'merge-tag', `${u}?u=[subscriber:x]`),
    {
      name: '#40 listmonk#1827: quotes in a tag, as &quot;',
      html: `<a href="{{ TrackLink &quot;${u}&quot; }}">x</a>`,
      links: [`merge-tag {{ TrackLink "${u}" }}`],
    },
    {
      name: '#41 leadminer#2644: a quoted-printable body, which is not HTML yet',
      html: `<a href=3D"${u}?a=3D1">x</a>`,
      links: [`relative 3D"${u}?a=3D1"`],
    },
  ])
})

describe('links that lead through a tracking host already', () => {
  runCases([
    skipped('#54 emailengine@34cdc38: through this one', 'already-tracked', 'https://links.example.com/c/abc'),
    skipped('#54 emailengine@34cdc38: through a former one', 'already-tracked', 'https://old.example.com/c/abc/3'),
    {
      name: "#54 mautic#1439: through another sender's, as any link",
      html: '<a href="https://links.example.net/c/abc">x</a>',
      links: ['tracked https://links.example.net/c/abc'],
    },
    {
      name: '#54 emailengine@34cdc38: another page of the tracking host, as any link',
      html: '<a href="https://links.example.com/imprint">x</a>',
      links: ['tracked https://links.example.com/imprint'],
    },
  ])
})

describe('links whose text is an address', () => {
  runCases([
    {
      name: '#61 Postmark, Adobe, phpList: tracked, as the text is none of ours',
      html: `<a href="${u}">${u}</a>`,
      links: [`tracked ${u}`],
      becomes: `<a href="{0}">${u}</a>`,
    },
    {
      name: '#61 Postmark, Adobe, phpList: the caller can leave it alone, as it knows where the text stands',
      html: `<a href="${u}">${u}</a><a href="${u}">x</a>`,
      links: [`caller ${u}`, `tracked ${u}`],
      options: {
        skipLink: ({ end, destination }) => `<a href="${u}">${u}</a>`.startsWith(`>${destination}<`, end + 1),
      },
    },
  ])
})

describe('hosts', () => {
  const html = `<a href="${u}">x</a>`
  const withHosts = (trackingDomains: DomainConfig['trackingDomains']): DomainConfig => ({
    ...signedDomain,
    trackingDomains,
  })

  it('#36 supabase/auth-js#792: only a verified host of this domain is ever used', () => {
    const domain = withHosts([
      { host: 'old.example.com', status: 'verified' },
      { host: 'links.example.com', status: 'verified' },
      { host: 'new.example.com', status: 'pending' },
    ])
    const { links, pixel } = instrumentEmail(html, domain, fixed)
    const urls = [links[0]?.kind === 'tracked' && links[0].url, pixel.kind === 'placed' && pixel.urls[0]!]
    expect(urls.map((url) => new URL(`${url}`).host)).toEqual(['links.example.com', 'links.example.com'])
  })

  it('#36 supabase/auth-js#792: without one there is no fallback', () => {
    for (const status of ['not_started', 'pending', 'failed', 'temporary_failure'] as const) {
      const result = instrumentEmail(html, withHosts([{ host: 'links.example.com', status }]), fixed)
      expect(result.html).toBe(html)
      expect(result.activation).toEqual({ active: false, reason: 'cname-unverified' })
    }
  })

  it('#55 mail-tracker#138: what was sent stays readable when tracking is switched off', () => {
    const sent = instrumentEmail(html, signedDomain, fixed)
    const later = {
      ...signedDomain,
      openTracking: false,
      clickTracking: false,
      trackingDomains: signedDomain.trackingDomains.map((host) => ({ ...host, status: 'failed' as const })),
    }
    expect(sent.links.map((link) => link.kind === 'tracked' && readTrackingUrl(link.url, later))).toMatchObject([
      { kind: 'click', destination: u, authenticated: true },
    ])
    expect(linksOf(sent)).toEqual([`tracked ${u}`])
  })

  it('#57 the open token on the path of a click: refused by kind', () => {
    const { pixel } = instrumentEmail(html, signedDomain, fixed)
    const open = pixel.kind === 'placed' ? pixel.urls[0]! : ''
    expect(readTrackingUrl(open, signedDomain)).toMatchObject({ kind: 'open' })
    expect(readTrackingUrl(open.replace('/o/', '/c/').replace('.gif', ''), signedDomain)).toBeNull()
  })
})
