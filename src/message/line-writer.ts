/** In characters, the `=` of a soft break included (RFC 2045 section 6.7 rule 5). */
const maxLineLength = 76

/** Writes quoted-printable, with soft breaks where lines grow too long. */
export interface LineWriter {
  /** Adds what must not be broken: one character as it is, or `=` and two digits. */
  add(token: string): void
  /** Adds a line end, or a soft break, that was there before. */
  addLineEnd(text: string): void
  /** What was written since the last call; the next line begins then. */
  take(): string
}

export function createLineWriter(eol: string): LineWriter {
  let written = ''
  let column = 0
  let isFresh = false
  const begin = (fresh: boolean): void => {
    column = 0
    isFresh = fresh
  }
  return {
    add(token) {
      if (column + token.length >= maxLineLength) {
        written += `=${eol}`
        begin(true)
      }
      // A line that begins here must be no delimiter, whatever the boundary is.
      const safe = token === '-' && column === 0 && isFresh ? '=2D' : token
      written += safe
      column += safe.length
    },
    addLineEnd(text) {
      written += text
      begin(false)
    },
    take() {
      const taken = written
      written = ''
      begin(false)
      return taken
    },
  }
}
