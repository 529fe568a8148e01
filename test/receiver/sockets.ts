// A server on loopback and what a client sees of it: fetch would not let the Host header be set.

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface Asked {
  readonly method?: string
  readonly host?: string
  readonly headers?: Record<string, string>
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server)
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port

export async function ask(port: number, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', host = 'links.example.com', headers = {} } = asked
  const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Uint8Array[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

/** Sends a text as it stands; gives all that comes back until the server closes. */
export async function askRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}
