import { expect, it } from 'vitest'
import { readForm } from '../../../src/service/console/read-form.ts'

const post = (body: BodyInit | null, type: string | null): Request =>
  new Request('http://localhost/', { method: 'POST', body, headers: type === null ? {} : { 'content-type': type } })

const form = 'application/x-www-form-urlencoded'

it.each([
  ['a form', 'a=1&b=%C3%A9+x&a=2', form],
  ['one that says its charset', 'a=1&b=%C3%A9+x', `${form};charset=UTF-8`],
  ['one in capitals', 'a=1&b=%C3%A9+x', form.toUpperCase()],
])('reads %s', async (_, body, type) => {
  const fields = await readForm(post(body, type))
  expect([fields?.get('a'), fields?.get('b')]).toEqual(['1', 'é x'])
})

it.each([
  ['JSON', '{}', 'application/json'],
  ['a form in parts', 'x', 'multipart/form-data; boundary=x'],
  ['text, which another site may send without asking', 'a=1', 'text/plain'],
  ['a type that only begins like one', 'a=1', `${form}2`],
  ['nothing', null, form],
])('takes %s for no form', async (_, body, type) => {
  expect(await readForm(post(body, type))).toBeNull()
})

it('reads 16 KB and no more, however it comes', async () => {
  expect((await readForm(post(`a=${'x'.repeat(16_382)}`, form)))?.get('a')?.length).toBe(16_382)
  expect(await readForm(post(`a=${'x'.repeat(16_383)}`, form))).toBeNull()
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent++
      controller.enqueue(new Uint8Array(1000))
    },
  })
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: endless,
    duplex: 'half',
    headers: { 'content-type': form },
  } as RequestInit)
  expect(await readForm(request)).toBeNull()
  expect(sent).toBeLessThan(30)
})

it('takes a form that did not come whole for none', async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) })
  const headers = { 'content-type': form }
  const request = new Request('http://localhost/', { method: 'POST', body, duplex: 'half', headers } as RequestInit)
  expect(await readForm(request)).toBeNull()
})
