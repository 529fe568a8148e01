// Messages a second through the relay, beside the same relay that tracks nothing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { BenchArguments } from '../arguments.ts'
import { median } from '../clock.ts'
import { readMails } from '../mail-sets.ts'
import { toMessage } from '../messages.ts'
import type { Report } from '../report.ts'

/** In ms, of one round of one relay. */
const roundMs = 1_000
/** Clients that send one message after the other. */
const clientCount = 8

export async function run({ rounds, sets }: BenchArguments): Promise<Report> {
  const messages = (sets ?? ['real'])
    .flatMap(readMails)
    .map((html) => toMessage(html, 'quoted-printable').toString('latin1').replace(/^\./gm, '..'))
    .map((text) => Buffer.from(`${text}.\r\n`, 'latin1'))
  const upstream = createServer(takeAll).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const relays = spawn(
    process.execPath,
    [process.argv[1]!, 'relay-child', `${(upstream.address() as AddressInfo).port}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const lanes: [name: string, port: number][] = []
    for await (const line of createInterface(relays.stdout)) {
      if (line === 'ready') break
      lanes.push(JSON.parse(line))
    }
    const rates = new Map(lanes.map(([name]) => [name, [] as number[]]))
    for (const [, port] of lanes) await measureRate(port, messages)
    for (let round = 0; round < (rounds ?? 15); round++) {
      for (const [name, port] of round % 2 ? lanes.toReversed() : lanes) {
        rates.get(name)!.push(await measureRate(port, messages))
      }
    }
    const rate = (name: string): number => median(rates.get(name)!)
    return {
      tables: [
        {
          title: `${clientCount} clients, ${messages.length} mails`,
          columns: ['', 'messages a second', 'of passing on'],
          rows: lanes.map(([name]) => [name, rate(name).toFixed(0), `${(rate(name) / rate('passes on')).toFixed(2)}x`]),
        },
      ],
      measurements: [{ goal: 'relay', at: 'quoted-printable', value: rate('tracks') / rate('passes on') }],
      notes: ['the relays are a process of their own; what sends and what takes the mail share another'],
      data: Object.fromEntries(rates),
    }
  } finally {
    relays.kill()
    upstream.close()
  }
}

/** An upstream that costs as little as can be: it looks for the ends of lines and of messages, and keeps nothing. */
function takeAll(socket: Socket): void {
  let isData = false
  let tail = ''
  socket.write('220 upstream.test\r\n')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    if (isData) {
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 5))).slice(-5)
      if (tail !== '\r\n.\r\n') return
      isData = false
      socket.write('250 taken\r\n')
      return
    }
    const command = chunk.toString('latin1', 0, 4)
    isData = command === 'DATA'
    tail = ''
    if (command === 'EHLO') socket.write('250-upstream.test\r\n250-8BITMIME\r\n250 SIZE 100000000\r\n')
    else socket.write(isData ? '354 go on\r\n' : '250 ok\r\n')
  })
}

/** Messages a second; fails at the first that is not taken. */
async function measureRate(port: number, messages: readonly Buffer[]): Promise<number> {
  let count = 0
  const start = performance.now()
  const isOver = (): boolean => performance.now() - start > roundMs
  await Promise.all(
    Array.from({ length: clientCount }, async (_, first) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      const hear = async (expected: string): Promise<void> => {
        const [chunk] = await once(socket, 'data')
        if (!chunk.toString().startsWith(expected)) throw new Error(`the relay answers ${chunk}`)
      }
      const say = async (what: string | Buffer, expected: string): Promise<void> => {
        socket.write(what)
        await hear(expected)
      }
      await hear('220')
      await say('EHLO client.test\r\n', '250')
      for (let next = first; !isOver(); next++) {
        await say('MAIL FROM:<news@example.com>\r\n', '250')
        await say('RCPT TO:<ada@example.org>\r\n', '250')
        await say('DATA\r\n', '354')
        await say(messages[next % messages.length]!, '250')
        count++
      }
      socket.destroy()
    }),
  )
  return count / ((performance.now() - start) / 1_000)
}
