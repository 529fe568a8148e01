import { load } from 'cheerio'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

/** Does other work than ours: it builds the tree and writes all of it anew, so every byte may change. */
export const cheerio: Contender = {
  note: 'builds the tree by parse5 and writes the whole mail anew',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    const $ = load(html, { scriptingEnabled: false })
    for (const element of $('a[href], area[href]')) {
      const url = build(element.attribs.href ?? '')
      if (url !== null) element.attribs.href = url
    }
    $('body').append(pixel)
    return $.html()
  },
}
