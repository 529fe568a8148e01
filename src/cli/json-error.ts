/** A token of JSON (RFC 8259): punctuation, a string, a number, a literal. */
const token =
  /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const whiteSpace = /[ \t\n\r]*/y

/** Where a text stops being JSON. What stands there is not shown: it may be a secret. */
export interface JsonError {
  /** From 1, as editors count. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  /** What JSON wants there instead. */
  readonly expected: string
}

type State = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma' | 'end'

/**
 * Finds the first token that JSON cannot have where it stands; `null` for a text that is JSON. JSON.parse cannot say this:
 * for some mistakes V8 names no position, for most it quotes the text around it.
 */
export function findJsonError(text: string): JsonError | null {
  const open: string[] = []
  let state: State = 'value'
  let at = 0
  for (;;) {
    at = endOf(whiteSpace, text, at)
    if (at === text.length && state === 'end') return null
    const end = endOf(token, text, at)
    const next = follow(state, text[at] ?? '', open)
    if (end === at || next === null) return { ...place(text, at), expected: describe(state, open.at(-1)) }
    state = next
    at = end
  }
}

const afterValue = (open: readonly string[]): State => (open.length === 0 ? 'end' : 'comma')

/** The state behind a token that begins with `first`; `null` if it cannot stand here. */
function follow(state: State, first: string, open: string[]): State | null {
  const inner = open.at(-1)
  const closes = first !== '' && first === (inner === '{' ? '}' : ']')
  switch (state) {
    case 'colon':
      return first === ':' ? 'value' : null
    case 'comma':
      if (first === ',') return inner === '{' ? 'name' : 'value'
      return closes ? close(open) : null
    case 'name':
    case 'name or }':
      if (first === '"') return 'colon'
      return state === 'name or }' && closes ? close(open) : null
    case 'value':
    case 'value or ]':
      if (first === '{' || first === '[') {
        open.push(first)
        return first === '{' ? 'name or }' : 'value or ]'
      }
      if (state === 'value or ]' && closes) return close(open)
      return first === '' || '}]:,'.includes(first) ? null : afterValue(open)
    default:
      return null
  }
}

function close(open: string[]): State {
  open.pop()
  return afterValue(open)
}

function describe(state: State, inner: string | undefined): string {
  const bracket = inner === '{' ? '"}"' : '"]"'
  const texts: Record<State, string> = {
    value: 'a value',
    'value or ]': 'a value or "]"',
    name: 'a name in double quotes',
    'name or }': 'a name in double quotes, or "}"',
    colon: '":"',
    comma: `"," or ${bracket}`,
    end: 'the end',
  }
  return texts[state]
}

/** Where a match that begins at `at` ends; `at` itself if there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

function place(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}
