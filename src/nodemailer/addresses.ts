// Mail parsers differ in what they take for an address, nodemailer's versions among them, and the address says whose consent is
// asked. So only the simple forms below are read, which all of them read alike; any other is refused.

/** Anything but white space, controls and what means something in RFC 5322. */
const atom = '[^\\s\\0-\\x1f\\x7f"<>()[\\],:;@\\\\]+'
const address = `${atom}@${atom}`
const addressAlone = new RegExp(`^${address}$`)

/** White space, a quoted string, `<ADDRESS>`, ADDRESS, a word, or a separator. */
const piece = new RegExp(
  `(?<space>\\s+)|(?<quoted>"(?:[^"\\\\]|\\\\.)*")|<(?<angle>${address})>|(?<bare>${address})|(?<word>${atom})|(?<mark>[,:;])`,
  'y',
)

/**
 * The addresses of a header as nodemailer takes it: text (`Ada <ada@example.com>, bob@example.com`, also with groups), objects with an
 * `address`, or lists of these. `null` where one of them cannot be read for certain.
 */
export function readAddresses(value: unknown): readonly string[] | null {
  if (value === undefined || value === null || value === '' || value === false) return []
  if (typeof value === 'string') return parseAddresses(value)
  if (Array.isArray(value)) {
    const lists = value.map(readAddresses)
    return lists.includes(null) ? null : (lists as (readonly string[])[]).flat()
  }
  const { address } = value as { readonly address?: unknown }
  return typeof address === 'string' && addressAlone.test(address) ? [address] : null
}

function parseAddresses(text: string): readonly string[] | null {
  const found: string[] = []
  /** What has been seen of the address that is being read. */
  let bare: string | null = null
  let angle: string | null = null
  let words = 0
  const endOne = (): boolean => {
    const one = angle ?? (words === 1 ? bare : null)
    if (one !== null) found.push(one)
    const isPlain = one !== null || words === 0
    bare = null
    angle = null
    words = 0
    return isPlain
  }
  for (piece.lastIndex = 0; piece.lastIndex < text.length; ) {
    const groups = piece.exec(text)?.groups
    if (groups === undefined) return null
    if (groups.space !== undefined) continue
    if (groups.mark === ':') {
      // The name of a group.
      if (angle !== null) return null
      words = 0
      bare = null
    } else if (groups.mark !== undefined) {
      if (!endOne()) return null
    } else if (angle !== null) {
      return null
    } else if (groups.angle !== undefined) {
      angle = groups.angle
    } else {
      words++
      bare = groups.bare ?? null
    }
  }
  return endOne() ? found : null
}
