import { decodeHTMLAttribute } from 'entities'
import { type Contender, createUrlBuilder, pixel, type UrlBuilder } from './contender.ts'

interface RewriterElement {
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  append(content: string, options: { html: boolean }): void
}
interface Rewriter {
  on(selector: string, handlers: { element(element: RewriterElement): void }): Rewriter
  transform(html: string): string
}
declare const HTMLRewriter: new () => Rewriter

/**
 * One rewriter for all mails: compiling the selectors for each would cost it more than a small mail. As with the
 * WebAssembly build, values come as written and are decoded here; no conditional comments.
 */
export const bunHtmlRewriter: Contender = {
  note: 'native lol-html; writes the tag of a link anew; conditional comments are passed over',
  prepare(html) {
    let build: UrlBuilder = createUrlBuilder()
    const rewriter = new HTMLRewriter()
      .on('a[href], area[href]', {
        element(element) {
          const href = element.getAttribute('href') ?? ''
          const url = build(href.includes('&') ? decodeHTMLAttribute(href) : href)
          if (url !== null) element.setAttribute('href', url)
        },
      })
      .on('body', {
        element(element) {
          element.append(pixel, { html: true })
        },
      })
    return () => {
      build = createUrlBuilder()
      return rewriter.transform(html)
    }
  },
}
