// What others made of an href on its way into a tracking URL.

import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { type Case, runCases } from './outcomes.ts'

const tracked = (name: string, href: string, destination = href): Case => ({
  name,
  html: `<a href="${href}">x</a>`,
  links: [`tracked ${destination}`],
  becomes: '<a href="{0}">x</a>',
})

const sharepoint =
  'https://contoso.sharepoint.com/:w:/r/sites/a/_layouts/15/Doc.aspx?sourcedoc=%7B1A-2B%7D&file=Ü b.docx'

describe('character references are decoded once, by the rule for attributes', () => {
  runCases([
    tracked(
      '#1 postal#1040, postal#907, postalserver/docs#53: &amp; in a query',
      'https://x.example/?key=1&amp;id=2',
      'https://x.example/?key=1&id=2',
    ),
    tracked(
      '#2 Mailspring#445: &amp; decoded exactly once',
      'https://x.example/?a=1&amp;amp;key=2&amp;%3B=3',
      'https://x.example/?a=1&amp;key=2&%3B=3',
    ),
    tracked(
      '#3 Ghost#16473: a hexadecimal reference',
      'https://x.example/?code&#x3D;test',
      'https://x.example/?code=test',
    ),
    tracked(
      '#3 Ghost#16473: decimal, capital X and named references',
      'https://x.example/?code&#61;a&#X3D;b&equals;c&plus;&percnt;20&lpar;&rpar;&Uuml;&fjlig;',
      'https://x.example/?code=a=b=c+%20()Üfj',
    ),
    tracked(
      '#3 Ghost#16473: references to what no text can hold',
      'https://x.example/?&#0;&#xD800;&#x110000;&#128;',
      'https://x.example/?\ufffd\ufffd\ufffd\u20ac',
    ),
    tracked(
      '#4 easy-digital-downloads#6413, restrict-content-pro#1585: &#038; of WordPress',
      'https://x.example/?a=1&#038;b=2#c',
      'https://x.example/?a=1&b=2#c',
    ),
    tracked(
      '#5 mautic#13858: a link with &amp; is tracked at all',
      'https://x.example/?foo=1&amp;bar=2',
      'https://x.example/?foo=1&bar=2',
    ),
    tracked('#6 legacy `&`: &copy= and &reg= are query parameters', 'https://x.example/?a=1&copy=2&reg=3'),
    tracked('#6 legacy `&`: before letters and digits too', 'https://x.example/?a&copyright=1&reg2=3&notit&ampx&lt1'),
    tracked(
      '#6 legacy `&`: elsewhere they are references',
      'https://x.example/?a&copy;=1&copy&reg.',
      'https://x.example/?a\u00a9=1\u00a9\u00ae.',
    ),
  ])
})

describe('the whole value is the destination, as it was written', () => {
  runCases([
    tracked('#7 postal#115: ( in a path', 'https://x.example/TD-W9970(EU)_V2.pdf'),
    tracked('#8 postal#548: @ in a path', 'https://x.example/part3@part4/'),
    tracked(
      "#9 sendgrid/docs#4787, mail-tracker#106, phplist3#436: ' in double quotes",
      "https://x.example/doc'dec2018.xlsx",
    ),
    {
      name: '#9 sendgrid/docs#4787, mail-tracker#106, phplist3#436: " in single quotes',
      html: `<a href='https://x.example/?q="a"'>x</a>`,
      links: ['tracked https://x.example/?q="a"'],
      becomes: "<a href='{0}'>x</a>",
    },
    tracked('#10 listmonk#2493, listmonk#2499: brackets in a query', 'https://x.example/?f[0]=themes:2&f[1]=a'),
    tracked('#10 listmonk#2493, listmonk#2499: escaped brackets', 'https://x.example/?f%5B0%5D=themes%3A2'),
    tracked('#11 listmonk#3076: not ASCII', 'https://x.example/日本語/ü?q=é#ß'),
    tracked('#11 listmonk#3076: an emoji', 'https://x.example/🎉?q=👩‍🚀'),
    tracked('#11 listmonk#3076: a SharePoint URL', sharepoint),
    tracked('#12 SES FAQ Q7: a space in a query', 'https://x.example/?q=a b&r=c  d'),
    tracked('#13 Postmark documentation: an IDN host', 'https://münchen.de'),
    tracked('#14 Mailtrain (code): %20 in a path', 'https://x.example/a%20b%2520c'),
    tracked('#15 phplist3#407: %2B and %26 in a query', 'https://x.example/?q=a%2Bb%26c%3dd+e'),
    tracked('#16 pimcore#1324, civicrm#22008: a fragment', 'https://x.example/p#sec'),
    tracked('#16 pimcore#1324, civicrm#22008: a query and a fragment', 'https://x.example/p?a=1#sec?b=2&c'),
    tracked('#17 postal (code): a query right after the host', 'https://x.test?a=1'),
    tracked('#18 sendgrid/docs#3416: another href= inside', 'https://x.example/share?href=http://google.ca/'),
    tracked('#62 HTML strips white space: at the edges', '\n  https://x.example/\r\n\t', 'https://x.example/'),
    tracked(
      '#62 HTML strips white space: a line break inside',
      'https://x.example/a\n  b\tc',
      'https://x.example/a  bc',
    ),
  ])

  it.each([
    ['#13 Postmark documentation: an IDN host in the redirect', 'https://münchen.de', 'https://xn--mnchen-3ya.de/'],
    ['#12 SES FAQ Q7: a space in the redirect', 'https://x.example/?q=a b', 'https://x.example/?q=a%20b'],
    ['#14 Mailtrain (code): %20 in the redirect', 'https://x.example/a%20b', 'https://x.example/a%20b'],
  ])('%s is what the browser would have asked for', (_, href, redirect) => {
    const [link] = instrumentEmail(`<a href="${href}">`, signedDomain, fixed).links
    expect(link?.kind === 'tracked' && new URL(link.destination).href).toBe(redirect)
  })
})
