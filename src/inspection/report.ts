import type { DomainConfig } from '../config/domain-config.ts'
import { skipReasons } from '../instrument/links/skip-reasons.ts'
import type { InstrumentedEmail } from '../instrument/outcomes.ts'
import { printable } from '../printable.ts'
import { escapeHtml } from './escape-html.ts'
import { framedEmail, type LinkMark } from './framed-email.ts'
import type { InspectedLink, Inspection } from './inspect-email.ts'
import { activationText, formatNumber, modesText, pixelText, pixelUrls } from './outcome-text.ts'
import { reportStyle } from './report-style.ts'
import { gmailClipBytes } from './warnings.ts'

export interface ReportInput {
  /** What the email is called: its file's name. */
  readonly name: string
  /** The HTML that was handed over. */
  readonly html: string
  readonly email: InstrumentedEmail
  readonly domain: DomainConfig
  readonly inspection: Inspection
  /** When it was made, in ms since the epoch. */
  readonly time: number
}

/** Frames inherit it. Nothing is loaded, nothing runs, and no frame leads anywhere. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** The inspection of an email as a page: one file without scripts, which can be opened and passed on. */
export function formatReport(input: ReportInput): string {
  const { name, domain, inspection, time } = input
  const title = escapeHtml(printable(name))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - mailtrace</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<p class="brand"><i></i>mailtrace inspect</p>
<h1>${title}</h1>
<p class="soft">Mail of ${escapeHtml(domain.name)}, inspected on ${formatTime(time)}</p>
</header>
<main>
${formatFacts(input)}
${formatWarnings(inspection)}
${formatPreview(input)}
${formatLinks(inspection.links)}
</main>
<footer><p>This page is one file. It runs no script and loads nothing: remote images of the email are shown as boxes, and its links lead nowhere.</p></footer>
</body>
</html>
`
}

/** `24 November 2026, 20:10 UTC` */
const formatTime = (time: number): string =>
  `${new Date(time).toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' }).replace(' at', ',')} UTC`

function formatFacts({ email, domain, inspection: { activation, links, pixel, bytes } }: ReportInput): string {
  const tracked = links.filter(({ kind }) => kind === 'tracked').length
  const share = Math.min(100, Math.round((bytes.after / gmailClipBytes) * 100))
  const isOver = bytes.after > gmailClipBytes
  const facts: [name: string, big: string, rest: string][] = [
    [
      'Tracking',
      activation.active ? '<b class="good">Active</b>' : '<b class="bad">Inactive</b>',
      escapeHtml(
        activation.active ? `${modesText(activation)} through ${activation.host}` : activationText(activation, domain),
      ),
    ],
    [
      'Links',
      `${tracked} <span>of ${links.length} tracked</span>`,
      links.length === tracked ? 'none left alone' : `${links.length - tracked} left alone, each with its reason`,
    ],
    ['Open pixel', pixel.kind === 'placed' ? 'Placed' : 'None', escapeHtml(pixelText(email))],
    [
      'Size',
      `${formatNumber(bytes.after)} <span>bytes</span>`,
      `<span class="bar${isOver ? ' bad' : ''}"><i style="width:${share}%"></i></span>${formatNumber(bytes.before)} before. Gmail clips after ${formatNumber(gmailClipBytes)}.`,
    ],
  ]
  const each = facts.map(
    ([name, big, rest]) =>
      `<div class="fact"><dt>${name}</dt><dd class="big">${big}</dd><dd class="soft small">${rest}</dd></div>`,
  )
  return `<dl class="facts">${each.join('')}</dl>`
}

function formatWarnings({ warnings }: Inspection): string {
  if (warnings.length === 0) {
    return '<h2>Warnings</h2>\n<ul class="warnings none"><li>Nothing to look out for.</li></ul>'
  }
  const each = warnings.map(({ kind, message, link }) => {
    const text = escapeHtml(printable(message, 2_000))
    const where = link === undefined ? '' : ` <a class="soft" href="#link-${link}">See link ${link}</a>`
    return `<li><b>${kind}</b>${text}${where}</li>`
  })
  return `<h2>Warnings <span class="soft">${warnings.length}</span></h2>\n<ul class="warnings">${each.join('\n')}</ul>`
}

function formatPreview({ html, email, inspection: { links } }: ReportInput): string {
  const marks: (LinkMark | undefined)[] = []
  for (const link of links) marks[link.index] = markOf(link)
  return `<h2 id="email">The email</h2>
<div class="tabs">
<span class="choice show"><label><input type="radio" name="show" id="before">Before</label><label><input type="radio" name="show" id="after" checked>After</label></span>
<span class="choice width"><label><input type="radio" name="width" id="desktop" checked>Desktop</label><label><input type="radio" name="width" id="phone">Phone</label></span>
<span class="legend"><span><b class="mark">3</b> tracked</span><span><b class="mark skipped">4</b> left alone</span><span><b class="mark pixel">pixel</b> where it stands</span></span>
</div>
<div class="frames">
<figure class="card before"><figcaption>Before</figcaption>${framedEmail(html, 'The email as it was handed over', marks)}</figure>
<figure class="card after"><figcaption>After</figcaption>${framedEmail(email.html, 'The email as it will be sent', marks, pixelUrls(email))}</figure>
</div>`
}

function markOf(link: InspectedLink): LinkMark {
  const title =
    link.kind === 'tracked'
      ? `Link ${link.index}, tracked: leads to ${printable(link.destination)}`
      : `Link ${link.index}, left alone: ${skipReasons[link.reason]}`
  return { tone: link.kind, label: String(link.index), title }
}

function formatLinks(links: readonly InspectedLink[]): string {
  if (links.length === 0) return ''
  return `<h2>Links <span class="soft">${links.length}</span></h2>
<div class="tabs"><span class="choice"><label><input type="radio" name="only" id="all" checked>All</label><label><input type="radio" name="only" id="only-tracked">Tracked</label><label><input type="radio" name="only" id="only-skipped">Left alone</label></span></div>
<div class="card"><table>
<thead><tr><th scope="col">Link</th><th scope="col">Text</th><th scope="col">Outcome</th><th scope="col">Leads to</th></tr></thead>
<tbody>
${links.map(formatLink).join('\n')}
</tbody></table></div>`
}

function formatLink(link: InspectedLink): string {
  const { index, kind, element, line, isForOutlook } = link
  const text = link.text === '' ? '<span class="soft">no text</span>' : escapeHtml(printable(link.text, 120))
  const named = link.name === null ? '' : `, named ${escapeHtml(printable(link.name, 120))}`
  const where = `line ${line}, ${escapeHtml(printable(element))}${isForOutlook ? ', only in Outlook' : ''}${named}`
  const outcome =
    kind === 'tracked'
      ? '<span class="tag good">tracked</span>'
      : `<span class="tag bad">${link.reason}</span><br><span class="soft small">${skipReasons[link.reason]}</span>`
  const leads =
    kind === 'tracked'
      ? `<span class="mono">${escapeHtml(printable(link.destination, 2_000))}</span><details><summary>tracking URL</summary><code>${escapeHtml(link.url)}</code></details>`
      : `<span class="mono">${escapeHtml(printable(link.href, 2_000))}</span>`
  return `<tr id="link-${index}" class="${kind}"><td><b class="mark ${kind}">${index}</b></td><td>${text}<br><span class="soft small">${where}</span></td><td>${outcome}</td><td>${leads}</td></tr>`
}
