// A real SMTP server on loopback that keeps what it gets, and two independent parsers that read it.

import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Delivery {
  /** RCPT TO */
  readonly to: readonly string[]
  readonly raw: Buffer
}

export interface Mailbox {
  readonly port: number
  /** In the order in which they were accepted. */
  readonly deliveries: readonly Delivery[]
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const deliveries: Delivery[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: 20,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        deliveries.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) })
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { port, deliveries, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** What a parser sees of a message, where both must see the same. */
export interface Seen {
  readonly html: string
  readonly text: string
  readonly subject: string
  readonly attachments: readonly { readonly type: string; readonly id: string; readonly bytes: string }[]
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bare = (id: string | null | undefined): string => (id ?? '').replace(/^<|>$/g, '')

export const parsers: readonly (readonly [name: string, parse: (raw: Buffer) => Promise<Seen>])[] = [
  [
    'mailparser',
    async (raw) => {
      const mail: ParsedMail = await simpleParser(raw, {
        skipImageLinks: true,
        skipTextToHtml: true,
        skipHtmlToText: true,
      })
      return {
        html: mail.html || '',
        text: mail.text ?? '',
        subject: mail.subject ?? '',
        attachments: mail.attachments.map(({ contentType, contentId, content }) => ({
          type: contentType,
          id: bare(contentId),
          bytes: base64(content),
        })),
      }
    },
  ],
  [
    'postal-mime',
    async (raw) => {
      const mail: Email = await PostalMime.parse(raw)
      return {
        html: mail.html ?? '',
        text: mail.text ?? '',
        subject: mail.subject ?? '',
        attachments: mail.attachments.map(({ mimeType, contentId, content }) => ({
          type: mimeType,
          id: bare(contentId),
          bytes:
            typeof content === 'string' ? base64(Buffer.from(content)) : base64(new Uint8Array(content as ArrayBuffer)),
        })),
      }
    },
  ],
]
