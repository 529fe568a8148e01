import { optionChecks } from '../checks.ts'
import { judgeAnonymous } from './anonymous-events.ts'
import { checkDomainName, checkName, optional } from './check-options.ts'
import type { Query, Row } from './database.ts'
import type { JudgeSelection } from './events.ts'
import { blockSize } from './message-state.ts'
import { type Settled, settle, type Task } from './settle.ts'

/** Messages that are worked on in one go. */
const chunkSize = 500

const listSql = `
SELECT domain, message_ref, events FROM mailtrace_messages
WHERE (domain, message_ref) > ($1, $2)
  AND ($3::text IS NULL OR domain = $3) AND ($4::text IS NULL OR campaign = $4) AND ($5::text IS NULL OR message_ref = $5)
ORDER BY domain, message_ref
LIMIT ${chunkSize}`

/** Judges anew what is stored, as when the rules have improved. */
export async function judge(query: Query, selection: JudgeSelection): Promise<void> {
  optionChecks.object(selection, 'options', ['messageRef', 'campaign', 'domain', 'all'])
  const given = selection as { messageRef?: unknown; campaign?: unknown; domain?: unknown; all?: unknown }
  const messageRef = optional(given.messageRef, 'messageRef', checkName)
  const campaign = optional(given.campaign, 'campaign', checkName)
  const domain = optional(given.domain, 'domain', checkDomainName)
  if (messageRef === null && campaign === null && given.all !== true) {
    throw optionChecks.error('options name no messages: use messageRef, campaign or all: true')
  }
  for (let after = ['', '']; ; ) {
    const rows = await query(listSql, [...after, domain, campaign, messageRef])
    if (rows.length === 0) break
    await settleBlocks(query, rows)
    const last = rows.at(-1)!
    after = [last.domain as string, last.message_ref as string]
  }
  if (messageRef === null) await judgeAnonymous(query, domain, campaign)
}

const staleSql = `SELECT domain, message_ref, events FROM mailtrace_messages WHERE stale LIMIT ${chunkSize}`

/** Some of what a process left behind that died between saving a message and counting it; says how many. */
export async function settleStale(query: Query): Promise<number> {
  const rows = await query(staleSql)
  await settleBlocks(query, rows)
  return rows.length
}

/** All blocks of some messages, the last one last: by it the message is no longer stale. */
export async function settleBlocks(query: Query, rows: readonly Row[], erase?: Task['erase']): Promise<Settled> {
  let erased = 0
  for (let block = 0; ; block++) {
    const tasks = rows
      .filter(({ events }) => block <= (events as number) / blockSize)
      .map(({ domain, message_ref }): Task => {
        const task = { domain: domain as string, messageRef: message_ref as string, block }
        return erase === undefined ? task : { ...task, erase }
      })
    if (tasks.length === 0) return { erased }
    erased += (await settle(query, tasks)).erased
  }
}
