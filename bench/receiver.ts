// Clicks per second beside a bare handler that gives the same answer, in one process and over a
// socket.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import type { BenchArguments } from './arguments.ts'
import { median, timeInterleaved } from './clock.ts'
import { createClickUrls, createHandlers, destination, userAgent } from './receiver-handlers.ts'
import { measureRate } from './receiver-load.ts'
import type { Report } from './report.ts'

type Rates = Record<string, number>

export async function run({ rounds }: BenchArguments): Promise<Report> {
  const urls = createClickUrls()
  const inProcess = await measureInProcess(urls, rounds ?? 31)
  const overSocket = await measureOverSocket(urls, rounds ?? 9)
  return {
    tables: [
      toTable('In one process, clicks per second', inProcess),
      toTable('Over a socket, clicks per second', overSocket),
    ],
    measurements: [
      { goal: 'receiver-in-process', at: 'in process', value: inProcess.receiver! / inProcess.bare! },
      { goal: 'receiver-socket', at: 'socket', value: overSocket.receiver! / overSocket.bare! },
    ],
    notes: [
      'a click in one process includes making its Request, as a server must, for both sides',
      'the bare handler reads no URL, checks nothing and records nothing: a floor, no alternative',
      'over a socket: node:http in a process of its own, 32 connections on loopback, one request at a time on each',
    ],
    data: { inProcess, overSocket },
  }
}

function toTable(title: string, rates: Rates) {
  const rows = Object.entries(rates).map(([name, rate]) => [
    name,
    `${Math.round(rate)}`,
    `${(rate / rates.bare!).toFixed(2)}x`,
  ])
  return { title, columns: ['', 'per second', 'of the bare handler'], rows }
}

/** Clicks in one run. Between runs the event loop turns, so that events are recorded within the measured time. */
const clicksPerRun = 100

async function measureInProcess(urls: readonly string[], rounds: number): Promise<Rates> {
  let next = 0
  const jobs = Object.entries(createHandlers()).map(([name, handler]) => ({
    name,
    run: async () => {
      for (let i = 0; i < clicksPerRun; i++) {
        const request = new Request(urls[next++ % urls.length]!, { headers: { 'user-agent': userAgent } })
        const response = await handler(request)
        if (response.headers.get('location') !== destination) throw new Error(`${name} answered ${response.status}`)
      }
      await new Promise((resolve) => setTimeout(resolve))
    },
  }))
  const timings = await timeInterleaved(jobs, { rounds, minimumMs: 40, warmupMs: 1000 })
  return Object.fromEntries([...timings].map(([name, { medianMs }]) => [name, clicksPerRun / (medianMs / 1000)]))
}

async function measureOverSocket(urls: readonly string[], rounds: number): Promise<Rates> {
  const requests = urls.map((url) => {
    const { host, pathname } = new URL(url)
    return `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${userAgent}\r\nAccept: */*\r\n\r\n`
  })
  const { lanes, stop } = await startServer()
  try {
    const rates: Record<string, number[]> = Object.fromEntries(lanes.map(([name]) => [name, []]))
    for (const [, port] of lanes) await measureRate(port, requests, 3000)
    for (let round = 0; round < rounds; round++) {
      for (const [name, port] of round % 2 ? lanes.toReversed() : lanes) {
        rates[name]!.push(await measureRate(port, requests, 1000))
      }
    }
    return Object.fromEntries(Object.entries(rates).map(([name, list]) => [name, median(list)]))
  } finally {
    stop()
  }
}

/** A way of serving, and its port. */
type Lane = readonly [name: string, port: number]

async function startServer(): Promise<{ lanes: readonly Lane[]; stop: () => void }> {
  // Below node_modules, so that the bundle finds the adapter, which stays outside of it.
  const cache = join('node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'mailtrace-receiver-'))
  const outfile = join(folder, 'server.mjs')
  const entryPoints = [join('bench', 'receiver-server.ts')]
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' })
  const server = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = () => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  const lanes: Lane[] = []
  for await (const line of createInterface(server.stdout)) {
    if (line === 'ready') return { lanes, stop }
    lanes.push(JSON.parse(line))
  }
  stop()
  throw new Error('the server did not start')
}
