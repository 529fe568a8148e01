// Mails that are made up, with the shape of real newsletters. The same arguments always give the same mail, so that two runs
// compare.

import { createRandom } from './random.ts'

/** Whether V8 stores the text in one byte a unit, or in two because a curly quote or an emoji stands somewhere in it. */
export type TextWidth = 'one-byte' | 'two-byte'

export interface MailShape {
  /** Length to come close to, in UTF-16 code units. */
  readonly length: number
  readonly width: TextWidth
  /** Length in UTF-16 code units for each link. Default: 1,500, so that 140 KB carry some 90. */
  readonly lengthPerLink?: number
  /** Another seed, another mail of the same shape. Default: 1 */
  readonly seed?: number
}

/**
 * Builds a newsletter from sections as template compilers write them. Calibrated on the real mails of the test corpus,
 * `<style>` blocks left out of the count: there, 7 to 11 start tags a KB, 1.6 to 2.7 attributes on each, 26 to 70
 * characters an attribute, 10 to 50 % visible text, up to 10 % comments, one link in 1.5 KB. Here: 9 start tags a KB, 1.8
 * attributes, 38 characters, 11 % text, 14 % comments.
 */
export function buildMail({ length, width, lengthPerLink = 1500, seed = 1 }: MailShape): string {
  const random = createRandom(length * 31 + seed)
  const write = createWriter(random, width)
  const parts = [write.head(Math.round(length * styleShare))]
  let written = parts[0]!.length
  let links = 0
  const end = write.footer()
  for (let i = 0; ; i++) {
    // Sections without links fill up where links run ahead of their share.
    const ahead = links + end.links > (written + end.html.length) / lengthPerLink
    const section = ahead ? write.plain[i % write.plain.length]!() : write.linked[i % write.linked.length]!()
    if (written + section.html.length / 2 + end.html.length > length) break
    parts.push(section.html)
    written += section.html.length
    links += section.links
  }
  parts.push(end.html)
  return respell(parts.join(''), random)
}

/**
 * Spells tags as the survey of 3,267 real mails found them: 11 % in upper case; of the attributes 9 % unquoted, 6 % in upper case, 4 %
 * with a line end before them, some without a value.
 */
function respell(html: string, random: () => number): string {
  return html.replace(
    /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)(?=[ />])/g,
    (_, slash, name, attributes: string) => {
      const isUpper = random() < 0.11
      const spelled = attributes.replace(/ ([a-z-]+)="([^"]*)"/g, (_all, attribute: string, value: string) => {
        const space = random() < 0.04 ? '\n  ' : ' '
        const written = isUpper && random() < 0.5 ? attribute.toUpperCase() : attribute
        const isPlain = /^[\w#%]+$/.test(value)
        return `${space}${written}=${isPlain && random() < 0.4 ? value : `"${value}"`}`
      })
      return `<${slash}${isUpper ? name.toUpperCase() : name}${spelled}`
    },
  )
}

/** Part of a mail that its style sheet takes. Real ones: 15 % below 15 KB, 22 % above 60 KB. */
const styleShare = 0.12

interface Section {
  readonly html: string
  readonly links: number
}

interface Writer {
  head(styleLength: number): string
  footer(): Section
  readonly linked: readonly (() => Section)[]
  readonly plain: readonly (() => Section)[]
}

const latinWords =
  'the of and our new with your this season from fresh more read about small team every week learn how we build better things for people who care order ships today only while supplies last discover what changed since then'.split(
    ' ',
  )
const cyrillicWords = 'новый выпуск нашей рассылки уже здесь читайте сегодня скидка неделя подборка статей'.split(' ')
const typography = ['\u2019', '\u2014', '\u201c', '\u201d', '\u2026', '\u{1f389}', '\u{1f680}', '\u2192']

function createWriter(random: () => number, width: TextWidth): Writer {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))

  function words(count: number): string {
    const foreign = width === 'two-byte' && random() < 0.15
    const out: string[] = []
    for (let i = 0; i < count; i++) {
      const special = random()
      if (special < 0.02) out.push(pick(['&amp;', '&nbsp;', '&mdash;', '&#8217;', '&rarr;']))
      else if (special < 0.05 && width === 'two-byte') out.push(pick(typography))
      else out.push(pick(foreign ? cyrillicWords : latinWords))
    }
    return out.join(' ')
  }
  const id = (length: number): string => Array.from({ length }, () => pick([...'abcdef0123456789'])).join('')
  const slug = (): string => `${pick(latinWords)}-${pick(latinWords)}-${pick(latinWords)}-${between(1, 999)}`

  // A third of real hrefs with a query carry its `&` as a character reference, some carry it bare, most have no query.
  function href(): string {
    const path = `https://${pick(['www', 'shop', 'blog', 'news'])}.example.com/${pick(latinWords)}/${slug()}`
    const style = random()
    if (style < 0.45) return path
    const joint = style < 0.85 ? '&amp;' : '&'
    const campaign = `?utm_source=newsletter${joint}utm_medium=email${joint}utm_campaign=${slug()}`
    return style < 0.95 ? path + campaign : `${path}${campaign}${joint}q=a%20b#${pick(latinWords)}`
  }

  const font = 'font-family:Ubuntu, Helvetica, Arial, sans-serif'
  const image = (imageWidth: number): string =>
    `<img alt="${words(3)}" src="https://cdn.example.com/i/${id(16)}.png" width="${imageWidth}" height="auto" style="border:0;display:block;outline:none;text-decoration:none;height:auto;width:100%;font-size:13px;">`
  const link = (body: string): string =>
    `<a href="${href()}" target="_blank" style="color:#1e6ee8;text-decoration:none;">${body}</a>`
  const paragraph = (body: string): string =>
    `\n                <tr><td align="left" style="font-size:0px;padding:10px 25px;word-break:break-word;"><div style="${font};font-size:${between(13, 18)}px;line-height:1.5;text-align:left;color:#525252;">${body}</div></td></tr>`

  // MJML wraps every section like this: a ghost table for Outlook in conditional comments, then a div and a table.
  const section = (body: string): string =>
    `<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" style="width:600px;" width="600"><tr><td style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]-->
<div style="background:#ffffff;background-color:#ffffff;margin:0px auto;max-width:600px;">
  <table align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" style="background:#ffffff;background-color:#ffffff;width:100%;">
    <tbody>
      <tr>
        <td style="direction:ltr;font-size:0px;padding:20px 0;text-align:center;">
          <div class="mj-column-per-100 mj-outlook-group-fix" style="font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;">
            <table border="0" cellpadding="0" cellspacing="0" role="presentation" style="vertical-align:top;" width="100%">
              <tbody>${body}
              </tbody>
            </table>
          </div>
        </td>
      </tr>
    </tbody>
  </table>
</div>
<!--[if mso | IE]></td></tr></table><![endif]-->
`

  const hero = (): Section => ({
    links: 2,
    html: section(
      `\n<tr>\n<td align="center" style="font-size:0px;padding:0;word-break:break-word;">\n${link(image(600))}\n</td>\n</tr>${paragraph(`<h1 style="margin:0;font-size:28px;">${words(6)}</h1>`)}${paragraph(`${words(25)} ${link(words(3))}.`)}`,
    ),
  })

  const article = (): Section => ({
    links: 2,
    html: section(
      paragraph(`<h2 style="margin:0 0 8px;">${words(7)}</h2>`) +
        paragraph(`${words(45)} ${link(`<strong>${words(2)}</strong>`)} ${words(20)}<br>`) +
        paragraph(`<b>${words(2)}</b> ${words(18)} ${link(`${words(2)} &raquo;`)}`),
    ),
  })

  const columns = (): Section => ({
    links: 3,
    html: section(
      `\n<tr>${[1, 2, 3]
        .map(
          () =>
            `\n<td class="column" width="33%" valign="top" align="left" style="padding:0 8px;${font};font-size:14px;">${link(image(184))}\n<p style="margin:8px 0 0;"><b>${words(3)}</b><br><span style="color:#888888;">${words(9)}</span></p></td>`,
        )
        .join('')}\n</tr>`,
    ),
  })

  const socialRow = (): Section => ({
    links: 4,
    html: section(
      `\n<tr><td align="center" style="padding:10px;"><table cellpadding="0" cellspacing="0" border="0"><tr>${[
        1, 2, 3, 4,
      ]
        .map(
          () =>
            `\n<td style="padding:4px;"><a href="${href()}"><img src="https://cdn.example.com/s/${id(6)}.png" width="24" height="24" alt=""></a></td>`,
        )
        .join('')}</tr></table></td></tr>`,
    ),
  })

  // A "bulletproof" button: the link twice, as VML for Outlook and as an anchor for everyone else.
  const button = (): Section => {
    const target = href()
    const label = words(2)
    return {
      links: 2,
      html: section(
        `\n<tr><td align="center" style="padding:10px 25px;"><!--[if mso]>
<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word" href="${target}" style="height:40px;v-text-anchor:middle;width:200px;" arcsize="10%" stroke="f" fillcolor="#d62828">
<w:anchorlock/>
<center style="color:#ffffff;font-family:sans-serif;font-size:16px;font-weight:bold;">${label}</center>
</v:roundrect>
<![endif]--><!--[if !mso]><!--><a href="${target}" style="background-color:#d62828;border-radius:4px;color:#ffffff;display:inline-block;${font};font-size:16px;font-weight:bold;line-height:40px;text-align:center;text-decoration:none;width:200px;-webkit-text-size-adjust:none;mso-hide:all;">${label}</a><!--<![endif]--></td></tr>`,
      ),
    }
  }

  const prose = (): Section => ({
    links: 0,
    html: section(
      paragraph(words(between(40, 90))) + paragraph(`${words(20)} <em>${words(3)}</em> ${words(between(10, 30))}`),
    ),
  })

  const priceTable = (): Section => ({
    links: 0,
    html: section(
      `<!-- price table -->${Array.from(
        { length: between(4, 9) },
        () =>
          `\n<tr><td width="60%" align="left" valign="top" style="padding:6px 0;border-bottom:1px solid #eeeeee;">${words(4)}</td>\n<td width=40% align=right class='price'>${between(1, 99)}.00&nbsp;&euro;</td></tr>`,
      ).join('')}`,
    ),
  })

  const divider = (): Section => ({
    links: 0,
    html: section(
      '\n<tr><td style="font-size:0px;padding:10px 25px;word-break:break-word;"><p style="border-top:solid 1px #e0e0e0;font-size:1px;margin:0px auto;width:100%;">\n</p><!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" style="border-top:solid 1px #e0e0e0;font-size:1px;margin:0px auto;width:550px;" role="presentation" width="550px" ><tr><td style="height:0;line-height:0;"> &nbsp;\n</td></tr></table><![endif]--></td></tr>',
    ),
  })

  function head(styleLength: number): string {
    const rules: string[] = []
    for (let left = styleLength; left > 0; left -= rules.at(-1)!.length + 1) {
      rules.push(
        `@media only screen and (max-width:${between(320, 620)}px) { .mj-column-per-${rules.length} > td { width:100% !important; padding:0 ${between(1, 40)}px; } }`,
      )
    }
    return `<!doctype html>
<html lang="en" dir="auto" xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<title>${words(5)}</title>
<!--[if !mso]><!-->
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<!--<![endif]-->
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style type="text/css">
${rules.join('\n')}
</style>
<!--[if mso]>
<noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript>
<![endif]-->
</head>
<body style="word-spacing:normal;background-color:#f4f4f4;">
<div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;">${words(8)}${'&#847;&zwnj;&nbsp;'.repeat(8)}</div>
<div aria-roledescription="email" role="article" lang="en" dir="auto" style="background-color:#f4f4f4;">
`
  }

  const footer = (): Section => ({
    links: 3,
    html: `${section(
      paragraph(
        `${words(14)}<br>Example Inc, 1 Example Street<br><a href="${href()}">Preferences</a> | <a href="https://example.com/unsubscribe?id=${id(24)}&amp;list=7">Unsubscribe</a> | <a href="mailto:hello@example.com">Contact</a>`,
      ),
    )}</div>\n</body>\n</html>\n`,
  })

  return {
    head,
    footer,
    linked: [hero, article, columns, article, button, columns, socialRow],
    plain: [prose, divider, priceTable],
  }
}
