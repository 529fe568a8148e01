import { optionChecks } from '../checks.ts'
import type { TrackingEvent } from '../receiver/events.ts'
import { writeAnonymous } from './anonymous-events.ts'
import type { Query } from './database.ts'
import { type EventRow, readEvent } from './event-rows.ts'
import { settleStale } from './judge-messages.ts'
import { settle } from './settle.ts'

const setAsideSql = `
INSERT INTO mailtrace_unreadable (hash, content, flaw)
SELECT md5(content), content, flaw FROM json_to_recordset($1::json) AS u(content text, flaw text)
ORDER BY 1
ON CONFLICT DO NOTHING`

/** How many writes of a store look once for what a process left behind that died: others than this one may have. */
const writesPerLook = 100

export function createWriter(query: Query): (events: readonly TrackingEvent[]) => Promise<void> {
  let writes = 0
  return async (events) => {
    await writeEvents(query, events)
    if (writes++ % writesPerLook === 0) await settleStale(query)
  }
}

async function writeEvents(query: Query, events: readonly TrackingEvent[]): Promise<void> {
  const read = optionChecks.list(events, 'events').map(readEvent)
  const unreadable = read.filter(({ kind }) => kind === 'unreadable')
  // A batch that fails for one of its events is tried again for ever, and lost in the end.
  if (unreadable.length > 0) await query(setAsideSql, [JSON.stringify(unreadable)])
  const anonymous: EventRow[] = []
  const messages = new Map<string, EventRow[]>()
  for (const each of read) {
    if (each.kind === 'unreadable') continue
    const { domain, message_ref } = each.row
    const key = `${domain} ${message_ref}`
    const rows = message_ref === '' ? anonymous : messages.get(key)
    if (rows === undefined) messages.set(key, [each.row])
    else rows.push(each.row)
  }
  await writeAnonymous(query, anonymous)
  const tasks = [...messages.values()].map((fresh) => {
    const { domain, message_ref } = fresh[0]!
    return { domain, messageRef: message_ref, fresh }
  })
  await settle(query, tasks)
}
