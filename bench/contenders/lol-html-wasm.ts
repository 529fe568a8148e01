import { decodeHTMLAttribute } from 'entities'
import { type Element, HTMLRewriter } from 'lol-html'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

const encoder = new TextEncoder()

/**
 * A string in and a string out, as for everyone: WebAssembly works on UTF-8, so both ways cost a conversion. It hands
 * out attribute values as written, so the references in them are decoded here. No conditional comments.
 */
export const lolHtmlWasm: Contender = {
  note: 'string to UTF-8 and back included; writes the tag of a link anew',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    const decoder = new TextDecoder()
    let result = ''
    const rewriter = new HTMLRewriter('utf-8', (chunk: Uint8Array) => {
      result += decoder.decode(chunk, { stream: true })
    })
    rewriter.on('a[href], area[href]', {
      element(element: Element) {
        const href = element.getAttribute('href') ?? ''
        const url = build(href.includes('&') ? decodeHTMLAttribute(href) : href)
        if (url !== null) element.setAttribute('href', url)
      },
    })
    rewriter.on('body', {
      element(element: Element) {
        element.append(pixel, { html: true })
      },
    })
    rewriter.write(encoder.encode(html))
    rewriter.end() // frees it as well
    return result
  },
}
