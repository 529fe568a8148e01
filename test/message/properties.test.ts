import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineDomain } from '../../src/index.ts'
import { instrumentMessage } from '../../src/message/index.ts'
import { storedDomain } from '../kit/domains.ts'
import { builtMessages, damagedMessages } from './built-messages.ts'
import { judgeBytes, judgeParts } from './judge-message.ts'
import { hasPython, parseWithMailsplit, parseWithPython, pythonHint } from './parsers.ts'

const domain = defineDomain(storedDomain)
const options = { messageRef: 'message-ref-of-the-tests', text: true } as const
const instrument = (source: string) => {
  const raw = new Uint8Array(Buffer.from(source, 'latin1'))
  return { raw, result: instrumentMessage(raw, domain, options) }
}

const runs = Number(process.env.MAILTRACE_RUNS ?? 300)
const { seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

describe.each([
  ['built messages', builtMessages.map(({ source }) => source)],
  ['damaged messages', damagedMessages],
])('%s', (_, sources) => {
  it('keep every byte that no outcome names', () => {
    fc.assert(
      fc.property(sources, (source) => {
        const { raw, result } = instrument(source)
        judgeBytes(raw, result)
      }),
      { numRuns: runs },
    )
  })

  it('are the same to mailsplit', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async (source) => {
        const { raw, result } = instrument(source)
        judgeParts(await parseWithMailsplit(raw), await parseWithMailsplit(result.message), result)
      }),
      { numRuns: runs },
    )
  })

  it.skipIf(!hasPython)(`are the same to Python${pythonHint}`, () => {
    const messages = fc.sample(sources, { numRuns: runs, seed }).map(instrument)
    const before = parseWithPython(messages.map(({ raw }) => raw))
    const after = parseWithPython(messages.map(({ result }) => result.message))
    for (const [index, { raw, result }] of messages.entries()) {
      try {
        judgeParts(before[index]!, after[index]!, result)
      } catch (error) {
        throw new Error(
          `seed ${seed}, ${index}: ${(error as Error).message}\n${JSON.stringify(Buffer.from(raw).toString('latin1'))}`,
        )
      }
    }
  })
})

it('every HTML body of a built message is instrumented', () => {
  fc.assert(
    fc.property(builtMessages, ({ source, bodies }) => {
      const { parts } = instrument(source).result
      const instrumented = parts.filter(({ type, kind }) => type === 'text/html' && kind === 'instrumented')
      expect(instrumented.length).toBe(bodies.length)
      for (const part of parts)
        if (part.kind === 'skipped') expect(['attachment', 'other-type', 'signed', 'empty']).toContain(part.reason)
    }),
    { numRuns: runs },
  )
})

it('twice is once', () => {
  fc.assert(
    fc.property(builtMessages, ({ source }) => {
      const { message } = instrument(source).result
      expect(instrumentMessage(message, domain, options).message).toBe(message)
    }),
    { numRuns: runs },
  )
})
