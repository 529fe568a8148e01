// Whose consent holds for a message: PostHog/posthog#73506 sent tracked mail when the lookup failed, and asked for To alone.

import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { MailData, RecipientModes } from '../../src/nodemailer/index.ts'
import { causeOf, domain, type Message, plain, send } from './sending.ts'

const all: RecipientModes = { openTracking: true, clickTracking: true }
const none: RecipientModes = { openTracking: false, clickTracking: false }

/** By the first letters of the address: `full`, `identified`, `day`, `anonymous`, `none`. */
function consentOf(recipient: string): RecipientModes {
  const [mode] = recipient.split('-')
  if (mode === 'none') return none
  if (mode === 'opens') return { openTracking: true, clickTracking: false }
  if (mode === 'clicks') return { openTracking: false, clickTracking: true }
  if (mode === 'day') return { openTracking: 'day', clickTracking: 'identified' }
  return { openTracking: mode as 'full', clickTracking: mode as 'full' }
}

const activationOf = ({ outcomes: [outcome] }: Awaited<ReturnType<typeof send>>) =>
  outcome?.kind === 'instrumented' ? [outcome.activation.open, outcome.activation.click] : outcome?.reason

describe('the lowest of all recipients holds', () => {
  const rows: [what: string, message: Message, modes: unknown][] = [
    ['To alone', { to: 'full-a@x.example' }, ['full', 'full']],
    ['two in To', { to: 'full-a@x.example, Ada <identified-b@x.example>' }, ['identified', 'identified']],
    ['Cc is lower', { to: 'full-a@x.example', cc: 'day-b@x.example' }, ['day', 'identified']],
    [
      'Bcc is lower',
      { to: 'full-a@x.example', cc: 'full-b@x.example', bcc: ['anonymous-c@x.example'] },
      ['anonymous', 'anonymous'],
    ],
    ['each for itself', { to: 'opens-a@x.example', cc: 'day-b@x.example' }, ['day', false]],
    ['none in Bcc', { to: 'full-a@x.example', bcc: { name: '', address: 'none-b@x.example' } }, 'tracking-disabled'],
    ['opens here, clicks there', { to: 'opens-a@x.example', cc: 'clicks-b@x.example' }, 'tracking-disabled'],
    ['a header of the own', { to: 'full-a@x.example', headers: { CC: 'day-b@x.example' } }, ['day', 'identified']],
    [
      'a list of headers',
      { to: 'full-a@x.example', headers: [{ key: 'bcc', value: 'day-b@x.example' }] },
      ['day', 'identified'],
    ],
    [
      'one header',
      { to: 'full-a@x.example', headers: { key: 'Bcc', value: 'day-b@x.example' } as never },
      ['day', 'identified'],
    ],
    [
      'a prepared header',
      { to: 'full-a@x.example', headers: { Cc: { prepared: true, value: 'day-b@x.example' } } },
      ['day', 'identified'],
    ],
    [
      'a header that nodemailer replaces',
      { to: 'full-a@x.example', headers: { To: 'none-b@x.example' } },
      ['full', 'full'],
    ],
    [
      'an envelope of its own',
      { to: 'full-list@x.example', envelope: { from: 'b@example.com', to: 'day-a@x.example' } },
      ['day', 'identified'],
    ],
    [
      'an envelope of its own, and none in To',
      { to: 'none-a@x.example', envelope: { to: 'full-a@x.example' } },
      'tracking-disabled',
    ],
    [
      'an envelope with Cc and Bcc',
      { envelope: { to: 'full-a@x.example', cc: 'day-b@x.example', bcc: 'none-c@x.example' } as never },
      'tracking-disabled',
    ],
  ]
  it.each(rows)('%s', async (_, message, modes) => {
    const sent = await send(
      { ...plain, to: undefined, mailtrace: { campaignRef: 'news' }, ...message },
      { tracking: consentOf },
    )
    expect(activationOf(sent)).toEqual(modes)
    expect([sent.failures, sent.error]).toEqual([[], null])
  })

  it('and that of the message and the domain', async () => {
    const own = {
      ...plain,
      to: 'identified-a@x.example',
      mailtrace: { openTracking: 'day', clickTracking: false },
    } as const
    expect(activationOf(await send(own, { tracking: consentOf }))).toEqual(['day', false])
    const lower = { ...domain, openTracking: false } as const
    expect(
      activationOf(await send({ ...plain, to: 'full-a@x.example' }, { tracking: consentOf, domain: lower })),
    ).toEqual([false, 'full'])
  })

  it('in any order, among any number', async () => {
    const names = ['full', 'identified', 'anonymous', 'none'] as const
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('to', 'cc', 'bcc')), {
          minLength: 1,
          maxLength: 6,
        }),
        async (list) => {
          const of = (field: string) =>
            list.flatMap(([name, where], at) => (where === field ? [`${name}-${at}@x.example`] : []))
          const message = { ...plain, to: of('to'), cc: of('cc'), bcc: of('bcc'), mailtrace: { campaignRef: 'news' } }
          const lowest = names[Math.max(...list.map(([name]) => names.indexOf(name)))]!
          const sent = await send(message, { tracking: consentOf })
          expect(activationOf(sent)).toEqual(lowest === 'none' ? 'tracking-disabled' : [lowest, lowest])
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('the lookup', () => {
  it('gets each address once, as the message has it, and the message', async () => {
    const tracking = vi.fn((_: string, __: MailData) => all)
    await send({ ...plain, to: 'Ada@Example.org, b@x.example', cc: 'b@x.example', user: 7 }, { tracking })
    expect(tracking.mock.calls.map(([recipient, message]) => [recipient, message.user])).toEqual([
      ['Ada@Example.org', 7],
      ['b@x.example', 7],
    ])
  })

  it('may take its time, and everybody is asked at once', async () => {
    let waiting = 0
    let most = 0
    const tracking = async () => {
      most = Math.max(most, ++waiting)
      await new Promise((resolve) => setTimeout(resolve, 5))
      waiting--
      return all
    }
    const sent = await send({ ...plain, to: ['a@x.example', 'b@x.example', 'c@x.example'] }, { tracking })
    expect([most, activationOf(sent)]).toEqual([3, ['full', 'full']])
  })

  it.each<[string, Message, object]>([
    ['no HTML', { html: undefined, text: 'https://shop.example/' }, {}],
    ['a message that wants no tracking', { mailtrace: { openTracking: false, clickTracking: false } }, {}],
    ['a domain without tracking', {}, { domain: { ...domain, trackingDomains: [] } }],
    ['a domain that is not known', {}, { domain: () => null }],
  ])('is not asked for %s', async (_, message, options) => {
    const tracking = vi.fn(() => all)
    await send({ ...plain, ...message }, { tracking, ...options })
    expect(tracking).not.toHaveBeenCalled()
  })
})

describe('a lookup that fails sends the message untracked, and onError hears of it', () => {
  const down = () => {
    throw new Error('the database is down')
  }
  const rows: [what: string, tracking: (recipient: string) => unknown, cause: readonly [string, unknown, string]][] = [
    ['throws', down, ['tracking', undefined, 'the database is down']],
    ['rejects', async () => down(), ['tracking', undefined, 'the database is down']],
    [
      'fails for one of two',
      (to) => (to === 'b@x.example' ? down() : all),
      ['tracking', undefined, 'the database is down'],
    ],
    [
      'hangs',
      () => new Promise(() => {}),
      ['tracking', 'timed-out', '"tracking" did not settle within 20 ms: make it faster, or allow it more time'],
    ],
    [
      'hangs for one of two',
      (to) => (to === 'b@x.example' ? new Promise(() => {}) : all),
      ['tracking', 'timed-out', '"tracking" did not settle within 20 ms: make it faster, or allow it more time'],
    ],
    ['knows nobody', () => undefined, ['tracking', 'invalid-options', 'tracking() is undefined: use an object']],
    ['says yes', () => true, ['tracking', 'invalid-options', 'tracking() is true: use an object']],
    [
      'says nothing of opens',
      () => ({ clickTracking: true }),
      ['tracking', 'invalid-options', 'tracking() gives no openTracking: give true, false or a mode'],
    ],
    [
      'says nothing of clicks',
      () => ({ openTracking: true, clickTracking: undefined }),
      ['tracking', 'invalid-options', 'tracking() gives no clickTracking: give true, false or a mode'],
    ],
    [
      'says something else',
      () => ({ ...all, opens: true }),
      ['tracking', 'invalid-options', 'tracking() has no field "opens": use openTracking, clickTracking'],
    ],
    [
      'gives no mode',
      () => ({ ...all, openTracking: 'some' }),
      [
        'tracking',
        'invalid-options',
        'openTracking is "some": use true, false or one of full, identified, day, anonymous',
      ],
    ],
  ]
  it.each(rows)('%s', async (_, tracking, cause) => {
    const message = { ...plain, to: 'a@x.example, b@x.example' }
    const sent = await send(message, { tracking: tracking as () => RecipientModes, timeoutMs: 20 })
    expect(sent.raw).toContain('<a href="https://shop.example/sale">')
    expect(sent.raw).not.toContain('links.example.com')
    expect(sent.failures.map(causeOf)).toEqual([cause])
    expect(sent.failures[0]?.message).toMatchObject(message)
    expect(sent.outcomes).toEqual([{ kind: 'untouched', reason: 'failed' }])
    expect(sent.error).toBe(null)
  })

  it.each(['Ada', 'Ada <a@x.example', '"a b"@x.example'])(
    'and so does a recipient that cannot be read for certain: %s',
    async (to) => {
      const tracking = vi.fn(() => all)
      const sent = await send({ ...plain, to: [to, 'b@x.example'] }, { tracking })
      expect(tracking).not.toHaveBeenCalled()
      expect(sent.failures.map(causeOf)).toEqual([
        [
          'tracking',
          'invalid-options',
          'a recipient cannot be read as an address: use "Name <user@host>" or { name, address }',
        ],
      ])
      expect(sent.raw).toContain('<a href="https://shop.example/sale">')
    },
  )

  it.each<[string, Message]>([
    ['nobody', { to: undefined }],
    ['a group of nobody', { to: 'undisclosed-recipients:;' }],
    ['an envelope of nobody', { to: undefined, envelope: { from: 'news@example.com', to: [] } }],
  ])('and so does a message to %s', async (_, message) => {
    const sent = await send({ ...plain, ...message }, { tracking: () => all })
    expect(sent.failures.map(causeOf)).toEqual([
      ['tracking', 'invalid-options', 'nobody is in To, Cc, Bcc or the envelope: name a recipient'],
    ])
    expect(sent.data.html).toBe(plain.html)
  })

  it('mode anonymous wants a campaignRef', async () => {
    const sent = await send({ ...plain, to: 'anonymous-a@x.example' }, { tracking: consentOf })
    expect(sent.failures.map(causeOf)).toEqual([
      ['html', 'invalid-options', 'campaignRef is missing: mode "anonymous" reports opens and clicks with it'],
    ])
  })
})
