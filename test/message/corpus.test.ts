// Real messages, judged from outside: only what the outcomes say differs.

import { describe, expect, it } from 'vitest'
import { defineDomain } from '../../src/index.ts'
import { instrumentMessage } from '../../src/message/index.ts'
import { corpusHint, hasCorpus, readMessages } from '../differential/corpus.ts'
import { signedDomain } from '../kit/domains.ts'
import { judgeBytes, judgeParts } from './judge-message.ts'
import { hasPython, parseWithMailsplit, parseWithPython, pythonHint } from './parsers.ts'

const domain = defineDomain(signedDomain)

const messages = readMessages().map((file) => ({
  ...file,
  result: instrumentMessage(file.bytes, domain, { text: true, dkimSigned: 'instrument' }),
}))

describe.skipIf(!hasCorpus)(`real messages${corpusHint}`, () => {
  it('are all there', () => {
    expect(messages.length).toBeGreaterThanOrEqual(170)
  })

  it.each(messages)('$name keeps every byte that no outcome names', ({ bytes, result }) => {
    judgeBytes(bytes, result)
  })

  it.each(messages)('$name is the same to mailsplit', async ({ bytes, result }) => {
    judgeParts(await parseWithMailsplit(bytes), await parseWithMailsplit(result.message), result)
  })

  it.skipIf(!hasPython)(`are the same to Python${pythonHint}`, () => {
    const before = parseWithPython(messages.map(({ bytes }) => bytes))
    const after = parseWithPython(messages.map(({ result }) => result.message))
    for (const [index, { name, result }] of messages.entries()) {
      try {
        judgeParts(before[index]!, after[index]!, result)
      } catch (error) {
        throw new Error(`${name}: ${(error as Error).message}`)
      }
    }
  })
})
