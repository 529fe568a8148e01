// What SMTP carries is lines ended by CRLF. Servers that also take a bare LF or CR for a line end see the end of a message where others see
// text, and what follows it as commands: SMTP smuggling (CVE-2023-51764 and others). What leaves here has no bare LF, bare CR or NUL,
// so that all servers see the same end.

const odd = /\0|\r(?!\n)|(?<!\r)\n/
const oddCharacters = /\0|\r(?!\n)/g
const bareLineFeeds = /(?<!\r)\n/g

/**
 * A message as it came, with lines ended by CRLF alone. A bare LF was meant as a line end, as on Unix. A bare CR or a NUL becomes a
 * space, as Postfix has it: as a line end it could begin a header field that its author did not write.
 */
export function normalizeLines(message: Buffer): Buffer {
  const text = message.toString('latin1')
  if (!odd.test(text)) return message
  return Buffer.from(text.replace(oddCharacters, ' ').replace(bareLineFeeds, '\r\n'), 'latin1')
}

/** Dots at line starts doubled, and the line that ends it (RFC 5321 section 4.5.2). */
export function toWire(message: Uint8Array): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const pieces: Uint8Array[] = bytes[0] === dot ? [doubled] : []
  let start = 0
  for (let at = bytes.indexOf(lineWithDot); at !== -1; at = bytes.indexOf(lineWithDot, at + 2)) {
    pieces.push(bytes.subarray(start, at + 2), doubled)
    start = at + 2
  }
  // The pixel may stand where the last line was open.
  const lineEnd = bytes.subarray(-2).equals(crlf) ? [] : [crlf]
  return Buffer.concat([...pieces, bytes.subarray(start), ...lineEnd, end])
}

const dot = 0x2e
const crlf = Buffer.from('\r\n')
const doubled = Buffer.from('.')
const lineWithDot = Buffer.from('\r\n.')
const end = Buffer.from('.\r\n')

export const hasEightBits = (message: Uint8Array): boolean => message.some((byte) => byte > 0x7f)
