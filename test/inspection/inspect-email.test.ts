import { expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { inspectEmail } from '../../src/inspection/inspect-email.ts'
import { storedDomain as domain } from '../kit/domains.ts'

it('says of each link where a reader finds it', () => {
  const html =
    '<p>ü\n<a href="#x">one <b>&amp;\n two</b></a>\n\n<!--[if mso]><v:rect href="https://example.org/">b</v:rect><![endif]--><map><area href="/c">d</map>'
  const email = instrumentEmail(html, domain)
  const { links, bytes, ...rest } = inspectEmail(html, email)
  expect(links).toMatchObject([
    { kind: 'skipped', index: 0, line: 2, text: 'one & two', isForOutlook: false },
    { kind: 'tracked', index: 1, line: 5, isForOutlook: true },
    { kind: 'skipped', index: 2, line: 5, text: '', isForOutlook: false },
  ])
  expect(bytes).toEqual({ before: Buffer.byteLength(html), after: Buffer.byteLength(email.html) })
  expect(rest).toEqual({
    activation: email.activation,
    messageRef: email.messageRef,
    issuedAt: email.issuedAt,
    pixel: email.pixel,
    warnings: [],
  })
})

it('has no links where clicks are not tracked', () => {
  const html = '<a href="https://example.org/">x</a>'
  expect(inspectEmail(html, instrumentEmail(html, domain, { clickTracking: false })).links).toEqual([])
})
