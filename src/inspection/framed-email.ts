import { readMarkup } from '../html/markup.ts'
import { scanLinks } from '../html/scan-html.ts'
import { type Edit, spliceEdits } from '../instrument/splice.ts'
import { escapeHtml } from './escape-html.ts'

/** What stands at a link in a framed email. */
export interface LinkMark {
  readonly tone: 'tracked' | 'skipped'
  /** A word or two, on a badge: the link's index. */
  readonly label: string
  /** A sentence, shown when one points at the link. */
  readonly title: string
}

/**
 * The start of tags for which a content security policy comes too late. Chromium 156 connects to the host of a frame and
 * only then asks whether the frame may load; no policy covers `<link rel=preconnect>`. A connection tells a stranger's
 * server that the mail was opened.
 */
const eagerTag = /<(link|meta|i?frame|object|embed|fencedframe)(?=[\s/>])/gi

/**
 * The attribute is put first, as of two with one name the first counts. A `link` becomes a `meta` without meaning, which a
 * head may hold too.
 */
function inertTag(name: string): string {
  const isOfHead = /^(?:link|meta)$/i.test(name)
  return isOfHead ? '<meta http-equiv="" ' : `<${name} srcdoc="" src="" data="" `
}

/**
 * It stands first in the frame, and of two `base` elements the first counts. A click on a link then wants a new window, which
 * the sandbox refuses; otherwise an error would replace the email. Names of hosts are not looked up ahead of a click.
 */
const frameHead = (images: string): string =>
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${images}; style-src 'unsafe-inline'">
<meta http-equiv="x-dns-prefetch-control" content="off"><base target="_blank"><style>
:root{color-scheme:light;background:#fff}
[data-mailtrace=tracked],[data-mailtrace=skipped]{outline:2px solid #0b7a4b!important;outline-offset:1px!important;border-radius:3px}
[data-mailtrace=skipped]{outline:2px dashed #b45309!important}
[data-mailtrace=tracked] img{outline:2px solid #0b7a4b!important;outline-offset:-2px!important}
[data-mailtrace=skipped] img{outline:2px dashed #b45309!important;outline-offset:-2px!important}
[data-mailtrace]::after{all:initial!important;content:attr(data-mailtrace-label)!important;position:absolute!important;z-index:2147483647!important;
margin:-9px 0 0 -5px!important;padding:0 5px!important;border-radius:8px!important;font:700 10px/16px system-ui,sans-serif!important;color:#fff!important;background:#0b7a4b!important;
box-shadow:0 0 0 1.5px #fff!important;white-space:nowrap!important;pointer-events:none!important}
[data-mailtrace=skipped]::after{background:#b45309!important}
[data-mailtrace=pixel]::after{background:#4f46e5!important;margin:-18px 0 0 4px!important}
</style>
`

/** A box where an image is that is not loaded. */
const boxes =
  '<style>img:not([src^="data:"]){background:#eef1f6;color:#64708a;outline:1px dashed #b4bdcf;outline-offset:-1px;font:11px/1.2 system-ui,sans-serif}</style>\n'

/**
 * An email as a frame that runs nothing, loads nothing and leads nowhere, with its links marked. Emails are hostile: the
 * sandbox keeps scripts, forms and windows from it, and the page's policy, which the frame inherits, all that is remote.
 *
 * @param html the email, before or after instrumenting
 * @param marks by the index of the link site; a link without one stays unmarked
 * @param pixelUrls of pixels to mark
 */
export function framedEmail(
  html: string,
  title: string,
  marks: readonly (LinkMark | undefined)[],
  pixelUrls: readonly string[] = [],
): string {
  const document = emailDocument(html, marks, { pixelUrls })
  return `<iframe sandbox="" referrerpolicy="no-referrer" title="${escapeHtml(title)}" srcdoc="${escapeHtml(document)}"></iframe>`
}

/**
 * The document of such a frame, for a server that answers with it. It must stand in a sandbox, and under a policy that forbids
 * as much as its own.
 *
 * @param options `loadsImages`: whether remote images are loaded, as somebody asked for them. Default: false
 */
export function emailDocument(
  html: string,
  marks: readonly (LinkMark | undefined)[],
  {
    pixelUrls = [],
    loadsImages = false,
  }: { readonly pixelUrls?: readonly string[]; readonly loadsImages?: boolean } = {},
): string {
  const head = loadsImages ? frameHead(imagesOnceAsked) : frameHead('data:') + boxes
  // As in `srcdoc`, where no doctype is needed: the first one counts, and what stands before the email's would put it aside.
  return `<!doctype html>\n${head}${spliceEdits(html, markEdits(html, marks, pixelUrls))}`
}

/** The sources of images once somebody asked for them. */
export const imagesOnceAsked = 'data: https: http:'

function markEdits(html: string, marks: readonly (LinkMark | undefined)[], pixelUrls: readonly string[]): Edit[] {
  const edits: Edit[] = []
  for (const [index, site] of scanLinks(readMarkup(html)).sites.entries()) {
    const mark = marks[index]
    // In a comment nobody would see it; after a stop it might be text.
    if (mark && !site.inComment && !site.ambiguous) edits.push(insertion(site.nameEnd, markAttributes(mark)))
  }
  for (const url of pixelUrls) {
    const urlAt = html.indexOf(url)
    const at = urlAt === -1 ? -1 : html.lastIndexOf('<img', urlAt)
    if (at !== -1) edits.push(insertion(at, '<span data-mailtrace="pixel" data-mailtrace-label="pixel"></span>'))
  }
  for (const { index, 0: tag, 1: name } of html.matchAll(eagerTag)) {
    edits.push({ start: index, end: index + tag.length, text: inertTag(name!) })
  }
  return edits.sort((a, b) => a.start - b.start)
}

const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text })

/** Right behind the tag's name: of two attributes of one name the first counts, so the email's own does not. */
const markAttributes = ({ tone, label, title }: LinkMark): string =>
  ` data-mailtrace="${tone}" data-mailtrace-label="${escapeHtml(label)}" title="${escapeHtml(title)}" target="_blank"`
