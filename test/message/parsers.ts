// Two independent readers of messages: mailsplit and the email package of Python's standard library.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type MimeNode, Splitter, type SplitterChunk } from '@zone-eu/mailsplit'

/** A part as a parser sees it. */
export interface SeenPart {
  readonly depth: number
  readonly type: string
  /** Without the transfer encoding, which `content` shows. */
  readonly headers: readonly string[]
  /** Decoded, one code unit for each byte; `null` of what holds other parts. */
  readonly content: string | null
}

const isEncoding = (line: string): boolean => /^content-transfer-encoding\s*:/i.test(line)

export async function parseWithMailsplit(raw: Uint8Array): Promise<readonly SeenPart[]> {
  const found: { node: MimeNode; body: Buffer[] }[] = []
  const splitter = new Splitter()
  splitter.end(Buffer.from(raw))
  for await (const chunk of splitter as AsyncIterable<SplitterChunk>) {
    if (chunk.type === 'node') found.push({ node: chunk, body: [] })
    else if (chunk.type === 'body') found.at(-1)!.body.push(chunk.value)
  }
  const parts: SeenPart[] = []
  for (const { node, body } of found) {
    let depth = 0
    for (let at = node.parentNode; at; at = at.parentNode) depth++
    const headers = node.headers ? node.headers.getList().map(({ line }) => line) : []
    const content = node.multipart ? null : (await decode(node, Buffer.concat(body))).toString('latin1')
    parts.push({ depth, type: String(node.contentType), headers: headers.filter((line) => !isEncoding(line)), content })
  }
  return parts
}

async function decode(node: MimeNode, body: Buffer): Promise<Buffer> {
  const decoder = node.getDecoder()
  decoder.end(body)
  const chunks: Buffer[] = []
  for await (const chunk of decoder as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const script = fileURLToPath(new URL('parse_messages.py', import.meta.url))

export const hasPython: boolean = spawnSync('python3', ['--version']).status === 0

/** Stands in a skipped test's name. */
export const pythonHint: string = hasPython ? '' : ' (skipped: no python3)'

/** All at once, as Python takes a while to start. */
export function parseWithPython(messages: readonly Uint8Array[]): readonly (readonly SeenPart[])[] {
  const input = messages.map((raw) => `${Buffer.from(raw).toString('base64')}\n`).join('')
  const { stdout, stderr, status } = spawnSync('python3', [script], { input, maxBuffer: 2 ** 30, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const nodes: { depth: number; type: string; headers: [string, string][]; content: string | null }[] =
        JSON.parse(line)
      return nodes.map(({ headers, ...node }) => {
        const lines = headers.map(([name, value]) => `${name}:${value}`)
        return { ...node, headers: lines.filter((line) => !isEncoding(line)) }
      })
    })
}
