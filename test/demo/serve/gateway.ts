// A security gateway: it opens what a mail loads and follows every link before, or instead of, the reader. It calls itself a
// browser, as such gateways do: its pace gives it away.

import { once } from 'node:events'
import { request } from 'node:http'
import type { Mail } from './mailing.ts'

const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

/** So many links are asked for at the same time. */
const lanes = 4

/** @returns how many requests were made */
export async function scanMail({ outcome }: Mail, port: number): Promise<number> {
  const pixels = outcome.pixel.kind === 'placed' ? outcome.pixel.urls : []
  const links = new Set(outcome.links.flatMap((link) => (link.kind === 'tracked' ? [link.url] : [])))
  const waiting = [...pixels, ...links]
  const count = waiting.length
  const lane = async (): Promise<void> => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) await ask(url, port)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return count
}

async function ask(url: string, port: number): Promise<void> {
  const { host, pathname } = new URL(url)
  const headers = { host, 'user-agent': userAgent, accept: '*/*' }
  // Not every system looks for names under .localhost on itself.
  const [response] = await once(request({ host: '127.0.0.1', port, path: pathname, headers }).end(), 'response')
  response.resume()
  await once(response, 'end')
}
