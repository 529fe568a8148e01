import { attributeValue } from '../html/attribute-value.ts'
import type { Site } from '../html/site.ts'

const longestText = 4_000
const tagRest = /^(?:"[^"]*"|'[^']*'|[^>"'])*>/
const textEnd = /<\/a\b|<a\b/i
const tagOpen = /[a-z/!?]/i

export function readLinkText(html: string, { start, end, element }: Site): string {
  if (element !== 'a') return ''
  const quote = html[end] === html[start - 1] && /["']/.test(html[end] ?? '') ? 1 : 0
  const behind = html.slice(end + quote, end + quote + longestText)
  const rest = tagRest.exec(behind)
  if (rest === null) return ''
  const content = textOf(behind.slice(rest[0].length).split(textEnd, 1)[0]!)
  return attributeValue(content, 0, content.length).replace(/\s+/g, ' ').trim()
}

function textOf(content: string): string {
  let text = ''
  let at = 0
  for (let open = content.indexOf('<'); open !== -1; open = content.indexOf('<', Math.max(at, open + 1))) {
    if (!tagOpen.test(content[open + 1] ?? '')) continue
    text += content.slice(at, open)
    const isComment = content.startsWith('<!--', open)
    const end = isComment ? content.indexOf('-->', open + 2) : content.indexOf('>', open)
    if (end === -1) return text
    at = end + (isComment ? 3 : 1)
  }
  return text + content.slice(at)
}
