import { endsTagName, greaterThan, hasNameAt, hyphen, lessThan, solidus } from './characters.ts'

/**
 * The offset of the end tag that closes an element of raw text whose content begins at `from`; -1 if the rest of the
 * document is inside it.
 */
export function findRawTextEnd(html: string, from: number, name: string): number {
  if (name === 'script') return findScriptEnd(html, from)
  let at = html.indexOf('</', from)
  while (at !== -1 && !isTagAt(html, at + 2, name)) at = html.indexOf('</', at + 2)
  return at
}

/** "Appropriate end tag": the name, and a code unit that ends it. */
function isTagAt(html: string, at: number, name: string): boolean {
  return hasNameAt(html, at, name) && endsTagName(html.charCodeAt(at + name.length))
}

/**
 * Script data, whose comments hide end tags in one case: `<!--` escapes, `<script` inside that escapes twice, and then
 * `</script>` only leads back to the first escape. `-->` ends both.
 * https://html.spec.whatwg.org/multipage/parsing.html#script-data-state
 */
function findScriptEnd(html: string, from: number): number {
  let state: 'data' | 'escaped' | 'double-escaped' = 'data'
  let hyphens = 0
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at)
    if (code === lessThan) {
      hyphens = 0
      if (html.charCodeAt(at + 1) === solidus) {
        if (isTagAt(html, at + 2, 'script')) {
          if (state !== 'double-escaped') return at
          state = 'escaped'
        }
      } else if (state === 'data') {
        if (html.startsWith('!--', at + 1)) {
          state = 'escaped'
          hyphens = 2
          at += 3
        }
      } else if (state === 'escaped' && isTagAt(html, at + 1, 'script')) {
        state = 'double-escaped'
      }
    } else if (code === hyphen) {
      hyphens++
    } else {
      if (code === greaterThan && hyphens >= 2) state = 'data'
      hyphens = 0
    }
  }
  return -1
}
