// What the relay mints is found in the store, by those who answer its links and those who count them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenedStore, openStore } from '../../src/cli/open-store.ts'
import { readSubject } from '../../src/cli/relay/read-subject.ts'
import { saveMinted } from '../../src/cli/relay/save-minted.ts'
import { defineDomain } from '../../src/index.ts'
import { messageOf, openClient, sendMail, startTestRelay } from './relays.ts'
import { startUpstream } from './upstream-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-relay-'))
let opened: OpenedStore
beforeAll(async () => {
  opened = await openStore({ data: join(folder, 'data') })
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const stored = defineDomain({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
})

async function send(fields: readonly string[], to: readonly string[], isPerRecipient = false): Promise<string[]> {
  const { store } = opened
  const upstream = await startUpstream()
  const relay = await startTestRelay(upstream.port, {
    domains: new Map([['example.com', stored]]),
    withText: true,
    isPerRecipient,
    record: (minted) => saveMinted(store, minted),
  })
  expect((await sendMail(await openClient(relay), { to, message: messageOf(fields) })).at(-1)).toMatch(/^250/)
  expect(relay.copies.every((copy) => copy.startsWith('tracked: '))).toBe(true)
  return upstream.taken.map(({ message }) => /\/c\/([\w-]+)\/0"/.exec(message)![1]!)
}

it('a stored reference leads somewhere, and its message has its recipient and subject', async () => {
  const refs = await send([], ['ada@example.net', 'bob@example.net'], true)
  for (const [at, ref] of refs.entries()) {
    const query = { domain: 'example.com', ref, kind: 'click', part: 'html', index: 0 } as const
    expect(await opened.store.findReference(query)).toMatchObject({
      destination: 'https://shop.example/sale?a=1&b=2',
      mode: 'full',
    })
    const recipient = ['ada@example.net', 'bob@example.net'][at]
    expect(await opened.store.message({ messageRef: ref })).toMatchObject({
      recipient,
      subject: 'News',
      domain: 'example.com',
    })
  }
})

it("a reference that several share is nobody's", async () => {
  const [ref] = await send(['X-Mailtrace-Campaign: campaign-0123456789'], ['ada@example.net', 'bob@example.net'])
  expect(await opened.store.message({ messageRef: ref! })).toMatchObject({
    recipient: null,
    campaign: 'campaign-0123456789',
  })
})

it('what is anonymous names nobody', async () => {
  const fields = ['X-Mailtrace-Campaign: campaign-9876543210', 'X-Mailtrace-Tracking: open=anonymous, click=anonymous']
  await send(fields, ['eve@example.net'])
  const { items } = await opened.store.messages({ campaign: 'campaign-9876543210' })
  expect(items.map(({ recipient }) => recipient)).toEqual([null])
})

describe('a subject', () => {
  it.each([
    [null, null],
    ['News', 'News'],
    ['=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=', 'Gr\u00fc\u00dfe an alle'],
    ['=?UTF-8?b?R3LDvMOfZQ==?= 2026', 'Gr\u00fc\u00dfe 2026'],
    ['=?iso-8859-1?q?Gr=FC?= =?iso-8859-1?q?=DFe?=', 'Gr\u00fc\u00dfe'],
    ['a =?iso-8859-1*de?q?=FC?= b', 'a \u00fc b'],
    ['=?nonsense?q?=FC?=', '=?nonsense?q?=FC?='],
    ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
  ])('%j is read as %j', (value, subject) => {
    expect(readSubject(value)).toBe(subject)
  })
})
