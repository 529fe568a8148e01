// The inputs of html5lib's conformance suites, with parse5 as judge: as they are, in pieces, and as the value of an href.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'
import { judgeSites } from '../kit/judge.ts'
import { corpusHint, hasCorpus, readTokenizerInputs, readTreeInputs } from './corpus.ts'

const tokenizerInputs = readTokenizerInputs()
const treeInputs = readTreeInputs()

/** Documents the property tries; raised by the same variable as the properties. */
const numRuns = Number(process.env.MAILTRACE_RUNS ?? 1500)

describe.skipIf(!hasCorpus)(`conformance inputs keep every link and every other byte${corpusHint}`, () => {
  it('tokenizer', () => {
    expect(tokenizerInputs.length).toBeGreaterThan(6000)
    // Four in five are one character or reference: they share a document.
    const texts = tokenizerInputs.filter((input) => !input.includes('<'))
    const documents = tokenizerInputs.filter((input) => input.includes('<'))
    for (const html of [...documents, texts.join('\n')]) checkFidelity(html)
  })

  it.each(['end', 'start'] as const)('tree construction, pixel at the %s', (pixelPlacement) => {
    expect(treeInputs.length).toBeGreaterThan(1700)
    for (const html of treeInputs) checkFidelity(html, { pixelPlacement })
  })

  it('several of them in a row, cut anywhere', () => {
    const input = fc.oneof(fc.constantFrom('', ...treeInputs), fc.constantFrom('', ...tokenizerInputs))
    fc.assert(
      fc.property(
        fc.array(input, { minLength: 2, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('end' as const, 'start' as const),
        (inputs, share, pixelPlacement) => {
          const text = `${inputs.join('')}<a href="https://example.com/last">x</a>`
          const html = text.slice(0, Math.ceil(text.length * share))
          checkFidelity(html, { pixelPlacement })
        },
      ),
      { numRuns },
    )
  })

  it.each(['"', "'"])('every tokenizer input in an href between %s decodes as parse5 decodes it', (mark) => {
    // One document of many links: each input is the query of its own.
    const inputs = tokenizerInputs.filter((input) => !input.includes(mark) && input.length < 200)
    const html = inputs.map((input) => `<a href=${mark}https://example.com/?${input}${mark}>x</a>`).join('\n')
    const judged = judgeSites(html)
    const { links } = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false, maxUrlLength: 8192 })
    expect(links.length).toBe(inputs.length)
    links.forEach((link, i) => {
      if (link.kind === 'skipped') expect(link.href).toBe(judged[i]!.href)
      else expect(link.destination).toBe(urlCharacters(judged[i]!.href))
    })
  })
})

/** What the URL standard's parser does to its input before it reads it. */
const urlCharacters = (href: string): string =>
  href
    .replace(/^[\0-\x20]+|[\0-\x20]+$/g, '')
    .replace(/[\t\n\r]/g, '')
    .toWellFormed()
