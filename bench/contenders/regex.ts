import { decodeHTMLAttribute } from 'entities'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

// What is passed over whole, then the tags that matter with their attributes; quotes may hold a `>`.
const passedOverOrLink =
  /<!--[\s\S]*?-->|<(style|script|title|textarea)\b[\s\S]*?<\/\1|<(?:a|area)\s((?:[^"'>]|"[^"]*"|'[^']*')*)>/gi
const hrefAttribute = /(^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i

/**
 * Does less than ours: an `<a` in another tag's attribute value counts as a link, `<!-->` swallows what follows, tree
 * construction is unknown, an href inside another attribute's value of the same tag is taken for the link's.
 */
export const carefulRegex: Contender = {
  note: 'passes over comments, style, script, title, textarea; knows quotes; no states, no tree',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    const rewritten = html.replace(passedOverOrLink, (tag: string, _raw: string, attributes: string | undefined) => {
      if (attributes === undefined) return tag
      return tag.replace(hrefAttribute, (attribute, before: string, double, single, unquoted) => {
        const url = build(decode(double ?? single ?? unquoted))
        return url === null ? attribute : `${before}href="${url}"`
      })
    })
    return insertPixel(rewritten)
  },
}

const decode = (value: string): string => (value.includes('&') ? decodeHTMLAttribute(value) : value)

function insertPixel(html: string): string {
  const at = html.lastIndexOf('</body>')
  return at === -1 ? html + pixel : html.slice(0, at) + pixel + html.slice(at)
}
