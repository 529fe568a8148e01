// Whatever the upstream does: what is answered 250 is with it once, what is not answered 250 is not with it by that attempt.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { messageOf, openClient, sendMail, startTestRelay } from './relays.ts'
import { type Step, startUpstream } from './upstream-server.ts'

/** `null`: what the upstream does by itself. */
type Chosen = Step | null

const chosen = (...steps: readonly Step[]): fc.Arbitrary<readonly Chosen[]> =>
  fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...steps) }), {
    maxLength: 6,
  })

const scripts = fc.record({
  greeting: chosen('421 4.3.2 full', 'close'),
  EHLO: chosen('550 5.7.1 no', 'close'),
  MAIL: chosen('451 4.3.0 later', '550 5.7.1 no', '421 4.4.2 bye', 'close'),
  RCPT: chosen('450 4.2.0 later', '550 5.1.1 nobody', 'close'),
  DATA: chosen('451 4.3.0 later', '554 5.5.1 no', 'close'),
  message: chosen('451 4.3.0 later', '550 5.7.1 spam', '421 4.4.2 bye', 'close'),
  RSET: chosen('451 4.3.0 later', 'close'),
})

const recipients = ['a@example.net', 'b@example.net', 'c@example.net']
const name = (line: string): string => /<(\w)@/.exec(line)![1]!
const attempts = 4

it.each([
  ['one message for all', false],
  ['a copy for each', true],
])('%s', { timeout: 120_000 }, async (_, isPerRecipient) => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      // Each step is used once, in order: in the end the upstream takes what it is given.
      const left = Object.fromEntries(Object.entries(script).map(([step, list]) => [step, [...list]]))
      const steps = Object.fromEntries(Object.keys(left).map((step) => [step, () => left[step]!.shift() ?? undefined]))
      const upstream = await startUpstream({ steps })
      const relay = await startTestRelay(upstream.port, { isPerRecipient })
      const message = messageOf([`X-Mailtrace-Ref: one`])
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = upstream.taken.length
        const client = await openClient(relay)
        const heard = await sendMail(client, { to: recipients, message })
        client.leave()
        const answer = heard.at(-1)!
        const accepted = recipients.filter((__, at) => heard[at + 1]?.startsWith('250'))
        const all = upstream.taken.flatMap(({ rcpt }) => rcpt.map(name))
        if (isPerRecipient) expect(all.length, `${heard} ${upstream.lines}`).toBe(new Set(all).size)
        else expect(upstream.taken.length - before).toBe(answer.startsWith('250') ? 1 : 0)
        if (!answer.startsWith('250')) continue
        const reached = new Set(all)
        expect(accepted.map((address) => address[0]).filter((each) => !reached.has(each!))).toEqual([])
        // What was answered 250 is not sent again.
        break
      }
      await relay.drain()
    }),
    { numRuns: 25 },
  )
})
