/** `=?charset?B?text?=` or `Q` (RFC 2047 section 2). White space between two of them is none of the text. */
const encodedWord = /=\?([\w-]{1,40})(?:\*[\w-]{1,40})?\?([bq])\?([^?\s]*)\?=/gi
const betweenWords = /(\?=)\s+(?==\?[\w-]{1,40}(?:\*[\w-]{1,40})?\?[bq]\?)/gi

/** A subject as its reader sees it. What cannot be decoded stays as it is. */
export function readSubject(value: string | null): string | null {
  return (
    value?.replace(betweenWords, '$1').replace(encodedWord, (word, charset: string, encoding: string, text: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : readQ(text)
      try {
        return new TextDecoder(charset).decode(bytes)
      } catch {
        return word
      }
    }) ?? null
  )
}

const readQ = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('_', ' ')
      .replace(/=([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
