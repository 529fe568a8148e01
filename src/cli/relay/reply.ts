/** An answer of SMTP (RFC 5321 section 4.2). */
export interface Reply {
  readonly code: number
  /** At least one, without the code. */
  readonly lines: readonly string[]
  /** It is the relay's own: the upstream cannot be reached, or its connection broke. */
  readonly isDown?: true
}

export const isPositive = ({ code }: Reply): boolean => code >= 200 && code < 300

export const isTemporary = ({ code }: Reply): boolean => code < 500

/** An upstream that cannot be reached, or whose connection broke: the client tries again later. */
export const downReply = (reason: string): Reply => ({ code: 451, lines: [`4.4.1 upstream: ${reason}`], isDown: true })

/** In one line, as many clients show no more. */
export const textOf = ({ lines }: Reply): string => lines.join(' ').trim()

/** In octets: no line of an answer is longer (RFC 5321 section 4.5.3.1.5 says 512), and nobody may fill the memory. */
const longestLine = 4096
/** No answer has more: EHLO names some twenty extensions. */
const mostLines = 100

/**
 *     reply = *( code "-" [ text ] eol ) code [ " " text ] eol    ; RFC 5321 section 4.2
 *     code  = "2" to "5", two digits
 *     eol   = [ CR ] LF
 */
const replyLine = /^(?<code>[2-5]\d\d)(?<mark>[ -]|$)(?<text>.*)$/s

export interface ReplyReader {
  /** The answers that are whole with this, one code unit a byte; `null` for what is no SMTP, after which nothing more is read. */
  readonly read: (chunk: string) => readonly Reply[] | null
  /** Whether an answer has begun. */
  readonly isWithin: () => boolean
}

export function createReplyReader(): ReplyReader {
  let rest = ''
  let lines: string[] = []
  let isBroken = false

  function readLine(line: string, replies: Reply[]): boolean {
    const { code, mark, text } = replyLine.exec(line.replace(/\r$/, ''))?.groups ?? {}
    if (code === undefined || lines.length >= mostLines) return false
    lines.push(Buffer.from(text!, 'latin1').toString())
    if (mark === '-') return true
    replies.push({ code: Number(code), lines })
    lines = []
    return true
  }

  return {
    read: (chunk) => {
      const replies: Reply[] = []
      const parts = (rest + chunk).split('\n')
      rest = parts.pop()!
      isBroken ||=
        rest.length > longestLine || parts.some((line) => line.length > longestLine || !readLine(line, replies))
      return isBroken ? null : replies
    },
    isWithin: () => rest !== '' || lines.length > 0,
  }
}
