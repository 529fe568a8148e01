import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { answerByFetch } from '../../src/cli/fetch-listener.ts'

type Handler = Parameters<typeof answerByFetch>[0]

async function serve(handler: Handler, stopping: AbortSignal = new AbortController().signal): Promise<string> {
  const server = createServer((incoming, outgoing) => void answerByFetch(handler, incoming, outgoing, stopping))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('a request comes with its method, URL, headers and body', async () => {
  const seen: unknown[] = []
  const own = await serve(async (asked, { incoming }) => {
    seen.push(asked.method, asked.url, asked.headers.get('x-two'), await asked.text(), incoming.socket.remoteAddress)
    return new Response('made', { status: 201 })
  })
  const answer = await fetch(`${own}/a%20b?c=d`, { method: 'PATCH', headers: { 'x-two': '1, 2' }, body: 'é' })
  expect([answer.status, await answer.text()]).toEqual([201, 'made'])
  expect(seen).toEqual(['PATCH', `${own}/a%20b?c=d`, '1, 2', 'é', '127.0.0.1'])
})

it('cookies stay apart, and an answer without a body has none', async () => {
  const own = await serve(async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['location', '/x'],
    ])
    return new Response(null, { status: 303, headers })
  })
  const answer = await fetch(own, { redirect: 'manual' })
  expect([answer.status, answer.headers.getSetCookie(), answer.headers.get('location'), await answer.text()]).toEqual([
    303,
    ['a=1', 'b=2'],
    '/x',
    '',
  ])
})

it('an answer to HEAD has no body, and what would have made it is let go', async () => {
  const cancels: string[] = []
  const own = await serve(
    async () =>
      new Response(new ReadableStream({ cancel: () => void cancels.push('cancelled') }), { headers: { etag: '"1"' } }),
  )
  const answer = await fetch(own, { method: 'HEAD' })
  expect([answer.headers.get('etag'), await answer.text(), cancels]).toEqual(['"1"', '', ['cancelled']])
})

/** Parts of a body, one when it is asked for. */
const slowBody = (parts: readonly string[], end: (controller: ReadableStreamDefaultController) => void) => {
  const waiting = [...parts]
  return new ReadableStream({
    pull: async (controller) => {
      await wait(20)
      const part = waiting.shift()
      if (part === undefined) end(controller)
      else controller.enqueue(new TextEncoder().encode(part))
    },
  })
}

it('a body comes as it is made', async () => {
  const own = await serve(async () => new Response(slowBody(['one ', 'two'], (controller) => controller.close())))
  expect(await (await fetch(own)).text()).toBe('one two')
})

it('a body that breaks off does not look whole', async () => {
  const own = await serve(
    async () => new Response(slowBody(['one '], (controller) => controller.error(new Error('x')))),
  )
  await expect(fetch(own).then((answer) => answer.text())).rejects.toThrow('terminated')
})

it('a handler that fails, or is asked with what is no request, ends the connection', async () => {
  const own = await serve(async () => {
    throw new Error('x')
  })
  await expect(fetch(own)).rejects.toThrow('fetch failed')
  const asked = request(own, { method: 'TRACE' }).end()
  expect((await once(asked, 'error'))[0].code).toBe('ECONNRESET')
})

it('a client that leaves ends the body', async () => {
  let cancelled: (() => void) | null = null
  const isCancelled = new Promise<void>((resolve) => (cancelled = resolve))
  const signals: AbortSignal[] = []
  const own = await serve(async ({ signal }) => {
    signals.push(signal)
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('one')),
      cancel: () => cancelled!(),
    })
    return new Response(body)
  })
  const leaving = new AbortController()
  const answer = await fetch(own, { signal: leaving.signal })
  await answer.body!.getReader().read()
  leaving.abort()
  await isCancelled
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

it('events without an end are ended, whole, when the server stops; others come to their own', async () => {
  const stopping = new AbortController()
  const own = await serve(async ({ url }) => {
    const type = url.endsWith('/live') ? 'text/event-stream' : 'text/plain'
    const body = slowBody(['data: 1\n\n', 'data: 2\n\n'], (controller) => type === 'text/plain' && controller.close())
    return new Response(body, { headers: { 'content-type': type } })
  }, stopping.signal)
  const [live, text] = await Promise.all([fetch(`${own}/live`), fetch(`${own}/text`)])
  const reader = live.body!.getReader()
  await reader.read()
  stopping.abort()
  while (!(await reader.read()).done);
  expect(await text.text()).toBe('data: 1\n\ndata: 2\n\n')
})
