import { load } from 'cheerio'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TrackingEvent } from '../../../src/receiver/index.ts'
import { followEvents } from '../../../src/service/console/follow-events.tsx'
import { openStage, origin } from './open-console.ts'

const stage = await openStage()
beforeAll(() => stage.reset())
const failures: unknown[] = []
beforeEach(() => stage.reset())

const open = (id: string): TrackingEvent => ({
  type: 'open',
  id,
  mode: 'full',
  pixel: 'end',
  messageRef: id,
  campaignRef: null,
  domain: 'example.com',
  host: 'links.example.com',
  time: stage.now,
  issuedAt: stage.now - 9_000_000,
  userAgent: 'Mozilla/5.0 Firefox/148.0 <b>\r\ndata: x\n\nid: 1',
  clientAddress: null,
  signals: [],
})

/** Everything a stream says until it has said something that fits. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += new TextDecoder().decode(read.value)
    if (text.includes(wanted)) return text
  }
  throw new Error(`ended without ${wanted}: ${text}`)
}

const follow = (more: Partial<Parameters<typeof followEvents>[0]> = {}) => {
  const stream = followEvents({
    store: stage.store,
    owner: 'default',
    after: undefined,
    onError: (error) => void failures.push(error),
    pollMs: 5,
    ...more,
  })
  return stream.getReader()
}

/** The references of the messages in a text of server-sent events, in order. */
const messagesIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .flatMap((line) => {
      const $ = load(line.slice(6))
      return $('ul > li bdi')
        .toArray()
        .map((item) => $(item).text())
        .filter((name) => /^m\d$/.test(name))
    })

describe('events as they come', () => {
  it('skip what is stored, unless the browser says how far it came', async () => {
    await stage.store.write([open('m1')])
    const reader = follow()
    await readUntil(reader, 'still here')
    await stage.store.write([open('m2')])
    await stage.store.write([open('m3')])
    const text = await readUntil(reader, 'm3')
    expect(messagesIn(text)).toEqual(['m2', 'm3'])
    await reader.cancel()

    const [last] = (await stage.store.events({ owner: 'default', limit: 1 })).items
    const again = follow({ after: last!.cursor })
    expect(messagesIn(await readUntil(again, 'm3'))).toEqual(['m2', 'm3'])
    await again.cancel()
  })

  it('begin at the start for a browser that has none', async () => {
    await stage.store.write([open('m1')])
    const reader = follow({ after: '' })
    expect(messagesIn(await readUntil(reader, 'm1'))).toEqual(['m1'])
    await reader.cancel()
  })

  it('say where to go on, and nothing that a stranger wrote ends a line', async () => {
    const reader = follow()
    await readUntil(reader, 'still here')
    await stage.store.write([open('m1')])
    const text = await readUntil(reader, 'm1')
    const [stored] = (await stage.store.events({ owner: 'default' })).items
    const lines = text.split('\n').filter((line) => line !== '')
    expect(lines[0]).toBe(`id: ${stored!.cursor}`)
    expect(lines.slice(1).every((line) => line.startsWith('data: '))).toBe(true)
    expect(text).toContain(String.raw`&lt;b&gt;\u000d\u000adata: x`)
    await reader.cancel()
  })

  it('show the newest to who is far behind, and go on from there', async () => {
    await stage.store.write(Array.from({ length: 60 }, (_, index) => open(`n${index}`)))
    const reader = follow({ after: '' })
    const text = await readUntil(reader, 'n59')
    expect(text.match(/<li>/g)?.length).toBe(50)
    expect(text).not.toContain('>n9<')
    expect(text.indexOf('>n10<')).toBeLessThan(text.indexOf('>n59<'))
    await stage.store.write([open('m1')])
    expect(messagesIn(await readUntil(reader, 'm1'))).toEqual(['m1'])
    await reader.cancel()
  })

  it('ask nothing of the store until somebody reads', async () => {
    let asked = 0
    const store: typeof stage.store = {
      ...stage.store,
      events(options) {
        asked++
        return stage.store.events(options)
      },
    }
    const stream = followEvents({ store, owner: 'default', after: undefined, onError: () => {}, pollMs: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toBe(0)
    await stream.cancel()
  })

  it('begin with how soon to come back', async () => {
    const reader = follow()
    expect(await readUntil(reader, '\n\n')).toBe('retry: 2000\n\n')
    await reader.cancel()
  })

  it('end after a while, so that who signed out is asked again', async () => {
    const reader = follow({ longestMs: 20 })
    await expect(readUntil(reader, 'never')).rejects.toThrow('ended without never')
  })

  it('stop asking when the browser has gone', async () => {
    let asked = 0
    const store: typeof stage.store = {
      ...stage.store,
      events(options) {
        asked++
        return stage.store.events(options)
      },
    }
    const reader = follow({ store })
    await readUntil(reader, 'still here')
    await reader.cancel()
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked - before).toBeLessThanOrEqual(1)
  })

  it('end with the store’s trouble, of which onError hears', async () => {
    const failure = new Error('gone')
    const reader = follow({ store: { events: () => Promise.reject(failure) } })
    await expect(readUntil(reader, 'never')).rejects.toBe(failure)
    expect(failures).toEqual([failure])
  })
})

it('are only the owner’s', async () => {
  await stage.store.write([open('m1')])
  const reader = follow({ owner: 'other' })
  await readUntil(reader, 'still here')
  await stage.store.write([open('m2')])
  await expect(
    Promise.race([readUntil(reader, 'm2'), new Promise((resolve) => setTimeout(resolve, 60, 'nothing'))]),
  ).resolves.toBe('nothing')
  await reader.cancel()
})

it('are found at /live/events, from Last-Event-ID on', async () => {
  await stage.store.write([open('m1')])
  const [first] = (await stage.store.events({ owner: 'default', limit: 1 })).items
  await stage.store.write([open('m2')])
  const { service } = stage.visit()
  for (const [path, headers] of [
    [`/live/events?after=${encodeURIComponent(first!.cursor)}`, {}],
    ['/live/events', { 'last-event-id': first!.cursor }],
  ] as const) {
    const response = await service(new Request(origin + path, { headers }))
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const reader = response.body!.getReader()
    expect(messagesIn(await readUntil(reader, 'm2'))).toEqual(['m2'])
    await reader.cancel()
  }
})

it('stand on the page with where to go on, the latest first', async () => {
  await stage.store.write([open('m1')])
  await stage.store.write([open('m2')])
  const page = await stage.visit().get('/live')
  expect(
    page
      .$('#feed > li .small bdi')
      .map((_, name) => page.$(name).text())
      .get(),
  ).toEqual(['m2', 'm1'])
  const [newest] = (await stage.store.events({ owner: 'default', order: 'newest', limit: 1 })).items
  expect(page.$('#feed').attr('data-after')).toBe(newest!.cursor)
})
