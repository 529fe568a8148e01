import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { type Contender, createUrlBuilder, pixel } from './contender.ts'

const ignore = (): void => {}

/** Does less than ours: nothing of tree construction, no conditional comments, no rules about hrefs. */
export const htmlparser2Tokenizer: Contender = {
  note: 'splices by offsets, decodes entities itself; no tree construction',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    let result = ''
    let copied = 0
    let isLink = false
    let isHref = false
    let valueStart = -1
    let value = ''
    let pixelAt = html.length

    const callbacks: TokenizerCallbacks = {
      onopentagname(start, end) {
        isLink = isNamed(html, start, end, 'a') || isNamed(html, start, end, 'area')
      },
      onattribname(start, end) {
        isHref = isLink && isNamed(html, start, end, 'href')
        value = ''
        valueStart = -1
      },
      onattribdata(start, end) {
        if (!isHref) return
        if (valueStart === -1) valueStart = start
        value += html.slice(start, end)
      },
      onattribentity(codePoint) {
        if (isHref) value += String.fromCodePoint(codePoint)
      },
      onattribend(quote, end) {
        if (!isHref || valueStart === -1) return
        const url = quote === QuoteType.NoValue ? null : build(value)
        if (url !== null) {
          // Where a value begins with a character reference, valueStart is late. No mail here has such a value.
          result += html.slice(copied, valueStart) + url
          copied = quote === QuoteType.Unquoted ? end : end - 1
          isLink = false // of duplicates the first counts
        }
        isHref = false
      },
      onclosetag(start, end) {
        if (isNamed(html, start, end, 'body')) pixelAt = start - 2
      },
      onopentagend: ignore,
      onselfclosingtag: ignore,
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      ontext: ignore,
      ontextentity: ignore,
      onend: ignore,
    }
    const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks)
    tokenizer.write(html)
    tokenizer.end()
    return result + html.slice(copied, pixelAt) + pixel + html.slice(pixelAt)
  },
}

function isNamed(html: string, start: number, end: number, name: string): boolean {
  return end - start === name.length && html.slice(start, end).toLowerCase() === name
}
