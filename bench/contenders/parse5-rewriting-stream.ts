import { RewritingStream } from 'parse5-html-rewriting-stream'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

/** Does less than ours: a link's tag is written anew (quotes, case and white space change), no conditional comments. */
export const parse5RewritingStream: Contender = {
  note: "follows the standard's tokenizer; rewrites the whole tag of a link",
  prepare: (html) => () =>
    new Promise<string>((resolve, reject) => {
      const build = createUrlBuilder()
      const rewriter = new RewritingStream()
      let result = ''
      rewriter.on('startTag', (tag, raw) => {
        const isLink = tag.tagName === 'a' || tag.tagName === 'area'
        const href = isLink ? tag.attrs.find((attribute) => attribute.name === 'href') : undefined
        const url = href === undefined ? null : build(href.value)
        if (href === undefined || url === null) return rewriter.emitRaw(raw)
        href.value = url
        rewriter.emitStartTag(tag)
      })
      rewriter.on('endTag', (tag, raw) => rewriter.emitRaw(tag.tagName === 'body' ? pixel + raw : raw))
      rewriter.on('data', (chunk: string) => {
        result += chunk
      })
      rewriter.on('end', () => resolve(result))
      rewriter.on('error', reject)
      rewriter.end(html)
    }),
}
