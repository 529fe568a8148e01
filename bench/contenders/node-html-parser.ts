import { parse } from 'node-html-parser'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

/** Does less than ours: its tree is not the standard's. Comments have to be asked for, or Outlook's are lost. */
export const nodeHtmlParser: Contender = {
  note: 'builds a simplified tree and writes the whole mail anew',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    const root = parse(html, { comment: true })
    for (const link of root.querySelectorAll('a[href], area[href]')) {
      const url = build(link.getAttribute('href') ?? '')
      if (url !== null) link.setAttribute('href', url)
    }
    root.querySelector('body')?.insertAdjacentHTML('beforeend', pixel)
    return root.toString()
  },
}
