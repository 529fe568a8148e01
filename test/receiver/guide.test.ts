import { expect, it } from 'vitest'
import { missReasons } from '../../src/receiver/misses.ts'
import { signals } from '../../src/receiver/signals.ts'
import { setUp } from './fixtures.ts'
import { guide, rowsUnder } from './guide.ts'

const named = (text: string): string[] => [...text.matchAll(/`([^`(]+)(?:\([^`]*\))?`/g)].map(([, name]) => name!)

it('the guide lists every reason of a miss, with its status, in their order', () => {
  expect(rowsUnder('What operators hear')).toEqual(
    Object.entries(missReasons).map(([reason, { status }]) => [`\`${reason}\``, `${status}`]),
  )
})

it('the guide lists every signal', () => {
  const [, listed = ''] = rowsUnder('Events').find(([field]) => field === '`signals`') ?? []
  expect(named(listed)).toEqual(signals)
})

it('the guide lists every field of an event', async () => {
  const { ask, settle, events } = setUp()
  const { clickUrl, openUrl } = await import('./fixtures.ts')
  await ask(clickUrl())
  await ask(openUrl())
  await settle()
  const fields = new Set(events.flatMap((event) => Object.keys(event)))
  expect(
    rowsUnder('Events')
      .flatMap(([field]) => named(field))
      .sort(),
  ).toEqual([...fields].sort())
})

it('the guide names every header that all answers carry', async () => {
  const { receiver } = setUp()
  const { headers } = await receiver(new Request('https://links.example.com/'))
  const said = /Every answer says (.*)\.\n/.exec(guide)?.[1] ?? ''
  const listed = named(said).map((header) => header.toLowerCase())
  const own = [...headers].filter(([name]) => name !== 'content-type').map(([name, value]) => `${name}: ${value}`)
  expect(listed.sort()).toEqual(own.sort())
})
