import fc from 'fast-check'
import { describe, it } from 'vitest'
import { anyDocument, kinds } from '../kit/documents.ts'
import { storedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'

/** Documents a property tries; MAILTRACE_RUNS raises it, for a night's run to millions. */
const numRuns = Number(process.env.MAILTRACE_RUNS ?? 1500)

describe('whatever the text, every link leads where it led and every other byte stays', () => {
  it.each(Object.entries(kinds))('%s', (_, document) => {
    fc.assert(
      fc.property(document, fc.constantFrom('end' as const, 'start' as const), (html, pixelPlacement) => {
        checkFidelity(html, { pixelPlacement })
      }),
      { numRuns },
    )
  })

  it('with stored references', () => {
    fc.assert(
      fc.property(anyDocument, (html) => {
        checkFidelity(html, { domain: storedDomain })
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })
})
