/** As long as those that programs make. */
const boundary = '----=_Part_17_1804289383.1764432000'

/** A message as programs write them: an alternative of text and HTML, with lines ended by CRLF. */
export function toMessage(
  html: string,
  encoding: 'quoted-printable' | 'base64' | '8bit',
  headers: readonly string[] = [],
): Buffer {
  const text = html.replace(/\r?\n/g, '\r\n')
  const body = { 'quoted-printable': quote, base64: wrapBase64, '8bit': (each: string) => each }[encoding](text)
  const lines = [
    'From: News <news@example.com>',
    'To: ada@example.org',
    'Subject: What is new',
    'Message-ID: <1@example.com>',
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'What is new: https://example.com/',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    body,
    `--${boundary}--`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

const wrapBase64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')

/** RFC 2045 section 6.7 */
function quote(text: string): string {
  return text
    .split('\r\n')
    .map((line) => {
      const quoted = Buffer.from(line)
        .toString('latin1')
        .replace(/[^ -<>-~\t]|[ \t]$/g, (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
      return quoted.replace(/.{1,72}(?:=..)?(?=.)(?<!=.?)/g, '$&=\r\n')
    })
    .join('\r\n')
}
