// What others rewrote that was no link, missed that was one, or broke beside it.

import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'
import { linksOf, runCases, templateOf } from './outcomes.ts'

const u = 'https://x.example/'

describe('the href that is meant, where it stands', () => {
  runCases([
    {
      name: '#19 mautic#528: one URL is the beginning of another',
      html: `<a href="${u}a">1</a><a href="${u}a.html">2</a> ${u}a`,
      links: [`tracked ${u}a`, `tracked ${u}a.html`],
      becomes: `<a href="{0}">1</a><a href="{1}">2</a> ${u}a`,
    },
    {
      name: '#20 mautic#8928: the same URL several times',
      html: `<a href="${u}">1</a><a href="${u}">2</a><a href='${u}'>3</a>`,
      links: [`tracked ${u}`, `tracked ${u}`, `tracked ${u}`],
      becomes: `<a href="{0}">1</a><a href="{1}">2</a><a href='{2}'>3</a>`,
    },
    {
      name: '#21 parcelvoy: an image of the same address',
      html: `<img src="${u}"><img src="${u}l.png"><a href="${u}"><img src="${u}"></a>`,
      links: [`tracked ${u}`],
      becomes: `<img src="${u}"><img src="${u}l.png"><a href="{0}"><img src="${u}"></a>`,
    },
    {
      name: '#22 parcelvoy: two links in one line',
      html: `<a href="${u}1">1</a><a href="${u}2">2</a>`,
      links: [`tracked ${u}1`, `tracked ${u}2`],
      becomes: '<a href="{0}">1</a><a href="{1}">2</a>',
    },
    {
      name: '#23 Ghost: other attributes in other quotes',
      html: `<a href='${u}' class="btn" data-x='${u}' title=${u}>x</a>`,
      links: [`tracked ${u}`],
      becomes: `<a href='{0}' class="btn" data-x='${u}' title=${u}>x</a>`,
    },
    {
      name: '#24 opensend, Postal: data-href before href',
      html: `<a data-href="${u}a" href="${u}b">x</a>`,
      links: [`tracked ${u}b`],
      becomes: `<a data-href="${u}a" href="{0}">x</a>`,
    },
    {
      name: '#24 opensend, Postal: data-href alone',
      html: `<a data-href="${u}a">x</a>`,
      links: [],
    },
    {
      name: '#25 opensend, Notifuse: a > in another attribute',
      html: `<a title="a > b" href="${u}">x</a>`,
      links: [`tracked ${u}`],
      becomes: '<a title="a > b" href="{0}">x</a>',
    },
    {
      name: '#26 SendGrid best practices: white space around =',
      html: `<a href = "${u}">1</a><a href\n=\n'${u}'>2</a>`,
      links: [`tracked ${u}`, `tracked ${u}`],
      becomes: `<a href = "{0}">1</a><a href\n=\n'{1}'>2</a>`,
    },
    {
      name: '#26 SendGrid best practices: without quotes, in upper case',
      html: `<A HREF=${u} ID=1>1</A><a href=${u}>2</a>`,
      links: [`tracked ${u}`, `tracked ${u}`],
      becomes: '<A HREF={0} ID=1>1</A><a href={1}>2</a>',
    },
    {
      name: '#26 SendGrid best practices: without quotes, in a conditional comment, gets them',
      html: `<!--[if mso]><a href=${u}>1</a><![endif]-->`,
      links: [`tracked ${u}`],
      becomes: '<!--[if mso]><a href="{0}">1</a><![endif]-->',
    },
    {
      name: '#27 Postal, BillionMail: link and base',
      html: `<link rel=stylesheet href="${u}"><base href="${u}"><a href="${u}">x</a>`,
      links: [`tracked ${u}`],
      becomes: `<link rel=stylesheet href="${u}"><base href="${u}"><a href="{0}">x</a>`,
    },
    {
      name: '#28 opensend: in a style, a script and an ordinary comment',
      html: `<style>a::after{content:'<a href="${u}">'}</style><script>"<a href='${u}'>"</script><!-- <a href="${u}"> -->`,
      links: [],
    },
    {
      name: '#28 opensend: in a title and a textarea',
      html: `<title><a href="${u}"></title><textarea><a href="${u}"></textarea>`,
      links: [],
    },
    {
      name: '#29 jsx-email#274, Ghost: a button for Outlook and its twin, each counted for itself',
      html: `<!--[if mso]><v:roundrect href="${u}"></v:roundrect><![endif]--><!--[if !mso]><!--><a href="${u}">x</a><!--<![endif]-->`,
      links: [`tracked ${u}`, `tracked ${u}`],
      becomes: `<!--[if mso]><v:roundrect href="{0}"></v:roundrect><![endif]--><!--[if !mso]><!--><a href="{1}">x</a><!--<![endif]-->`,
    },
    {
      name: '#60 nylas-mail#2678: the same URL twice, told apart by index',
      html: `<a href="${u}">1</a><a>none</a><a href="#">2</a><a href="${u}">3</a>`,
      links: [`tracked ${u}`, 'fragment #', `tracked ${u}`],
      becomes: '<a href="{0}">1</a><a>none</a><a href="#">2</a><a href="{2}">3</a>',
    },
    {
      name: "#63 JS `replace`: $&, $1, $$, $` and $' in the URL and around it",
      html: `$&<a href="${u}?$&amp;$1$$\`$'">$&$1$$</a>$'$\``,
      links: [`tracked ${u}?$&$1$$\`$'`],
      becomes: '$&<a href="{0}">$&$1$$</a>$\'$`',
    },
    {
      name: '#65 <form action>, <area>: areas are links, forms are none',
      html: `<map><area href="${u}1" shape=rect></map><form action="${u}2"><button formaction="${u}3"></form>`,
      links: [`tracked ${u}1`],
      becomes: `<map><area href="{0}" shape=rect></map><form action="${u}2"><button formaction="${u}3"></form>`,
    },
  ])
})

describe('everything else stays as it was', () => {
  const kept: readonly [name: string, html: string, becomes: string][] = [
    [
      '#45 Mailcoach#51, CssToInlineStyles: an XHTML doctype',
      `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r\n<html xmlns="http://www.w3.org/1999/xhtml"><body><a href="${u}">x</a></body></html>`,
      `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r\n<html xmlns="http://www.w3.org/1999/xhtml"><body><a href="{0}">x</a>{pixel}</body></html>`,
    ],
    [
      '#46 CsQuery#190, mosaico#170: conditions and Office elements',
      `<![if !mso]><a href="${u}">x</a><![endif]><!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->`,
      `<![if !mso]><a href="{0}">x</a><![endif]><!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->{pixel}`,
    ],
    [
      '#47 ahoy_email#150: a full document keeps its head',
      `<html><head><meta charset="utf-8"><style>a{color:red}</style></head><body><a href="${u}">x</a></body></html>`,
      `<html><head><meta charset="utf-8"><style>a{color:red}</style></head><body><a href="{0}">x</a>{pixel}</body></html>`,
    ],
    ['#47 ahoy_email#150: a fragment stays a fragment', `<p>x <a href="${u}">y</a>`, '<p>x <a href="{0}">y</a>{pixel}'],
    [
      '#48 odoo (code): empty elements, self-closing ones, entities',
      `<a name="top"></a><div></div><br/><br><img src=x /><p>&nbsp;&copy;&#8203;<a href="${u}"></a>`,
      '<a name="top"></a><div></div><br/><br><img src=x /><p>&nbsp;&copy;&#8203;<a href="{0}"></a>{pixel}',
    ],
  ]

  it.each(kept)('%s', (_, html, becomes) => {
    const result = instrumentEmail(html, signedDomain, fixed)
    expect(templateOf(result)).toBe(becomes)
    checkFidelity(html, { exactTree: true })
  })

  it('#42 postal@2834e2c: HTML in, HTML out, and no header that could go stale', () => {
    const result = instrumentEmail(`<a href="${u}">\u00fc</a>`, signedDomain, fixed)
    expect(Object.keys(result).sort()).toEqual(['activation', 'html', 'issuedAt', 'links', 'messageRef', 'pixel'])
    expect(result.html).toContain('>\u00fc</a>')
  })

  it('#63 JS `replace`: $& in a messageRef', () => {
    const messageRef = "$&$1$$$`$'"
    const result = instrumentEmail(`<p>$&</p><a href="${u}">$1</a>`, signedDomain, { ...fixed, messageRef })
    expect(templateOf(result)).toBe('<p>$&</p><a href="{0}">$1</a>{pixel}')
    expect(linksOf(result)).toEqual([`tracked ${u}`])
    expect(result.messageRef).toBe(messageRef)
  })
})
