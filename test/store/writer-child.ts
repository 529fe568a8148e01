// Writes events without end and prints the id of each when it has been written. Arguments: `data DIR` or `database URL`, and a
// number that tells it from others.

import { openStore } from '../../src/cli/open-store.ts'
import { click, open, outcome } from './fixtures.ts'

const [kind, place, run] = process.argv.slice(2) as [string, string, string]
const { store } = await openStore(kind === 'data' ? { data: place } : { database: place })

for (let at = 0; ; at++) {
  const messageRef = `m${at % 5}`
  if (at % 20 < 5) await store.saveMessage(outcome(messageRef), { domain: 'example.com', campaign: 'c1' })
  const events = [
    click(messageRef, at % 2, { id: `${run}-${at}-click`, time: Date.now() }),
    open(messageRef, { id: `${run}-${at}-open`, time: Date.now() }),
    open(null, { id: `${run}-${at}-anonymous`, mode: 'anonymous', campaignRef: 'c1' }),
  ]
  await store.write(events)
  process.stdout.write(events.map(({ id }) => `${id}\n`).join(''))
}
