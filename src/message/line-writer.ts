/** In characters, the `=` of a soft break included (RFC 2045 section 6.7 rule 5). */
const maxLineLength = 76

/** Writes quoted-printable, with soft breaks where lines grow too long. */
export interface LineWriter {
  /** Adds characters as they are. */
  addUnescaped(text: string): void
  /** Adds `=` and two digits, which must not be broken. */
  addEscape(token: string): void
  /** Adds a line end, or a soft break, that was there before. */
  addLineEnd(text: string): void
  /** Gives what was written since the last call, and begins a new line. */
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
  const makeRoom = (length: number): void => {
    if (column + length < maxLineLength) return
    written += `=${eol}`
    begin(true)
  }
  const write = (text: string): void => {
    written += text
    column += text.length
  }
  return {
    addUnescaped(text) {
      for (let at = 0; at < text.length; ) {
        makeRoom(1)
        // A line that begins here must not look like a delimiter, whatever the boundary is.
        if (isFresh && column === 0 && text.charAt(at) === '-') {
          write('=2D')
          at++
          continue
        }
        const piece = text.slice(at, at + maxLineLength - 1 - column)
        write(piece)
        at += piece.length
      }
    },
    addEscape(token) {
      makeRoom(token.length)
      write(token)
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
