// What the random documents reach, so that a property over them says something. `npm run reach` prints it.

import fc from 'fast-check'
import { beforeAll, expect, it, vi } from 'vitest'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { instrumentEmail } from '../../src/index.ts'
import { skipReasons } from '../../src/instrument/links/skip-reasons.ts'
import { kinds } from '../kit/documents.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { keepById } from '../kit/fidelity.ts'

/** What the document at hand has reached. */
const reached = vi.hoisted(() => new Set<string>())

vi.mock(import('../../src/instrument/links/common-href.ts'), async (original) => {
  const module = await original()
  return {
    ...module,
    readCommonHref: (...args) => {
      const destination = module.readCommonHref(...args)
      if (destination !== null) reached.add('fast path: common href')
      return destination
    },
  }
})

const wanted = [
  'tracked',
  'ambiguous-markup',
  'opt-out',
  'empty',
  'merge-tag',
  'fragment',
  'scheme',
  'relative',
  'invalid-url',
  'already-tracked',
  'caller',
  'too-long',
  'in a conditional comment',
  'pixel: placed',
  'pixel: no-place',
  'fast path: head run',
  'fast path: body run',
  'fast path: common link',
  'fast path: common href',
]

const documents = 1000
const names = Object.keys(kinds) as (keyof typeof kinds)[]
/** Of each kind, the documents in which something is reached, in percent. */
const shares = new Map(wanted.map((what) => [what, names.map(() => 0)]))

beforeAll(() => {
  names.forEach((kind, column) => {
    for (const html of fc.sample(kinds[kind], { seed: 1, numRuns: documents })) {
      reached.clear()
      const { links, pixel } = instrumentEmail(html, signedDomain, { ...fixed, skipLink: keepById, maxUrlLength: 8192 })
      const scan = scanLinks(readMarkup(html))
      if (scan.fastInHead > 0) reached.add('fast path: head run')
      if (scan.fastInBody > 0) reached.add('fast path: body run')
      if (scan.sites.some(({ hasCommonAttributes }) => hasCommonAttributes)) reached.add('fast path: common link')
      reached.add(`pixel: ${pixel.kind === 'placed' ? pixel.kind : pixel.reason}`)
      for (const link of links) {
        reached.add(link.kind === 'tracked' ? link.kind : link.reason)
        if (html.lastIndexOf('<!--[if', link.start) > html.lastIndexOf('-->', link.start))
          reached.add('in a conditional comment')
      }
      for (const what of reached) {
        const row = shares.get(what) ?? names.map(() => 0)
        row[column]! += 100 / documents
        shares.set(what, row)
      }
    }
  })
  if (process.env.npm_lifecycle_event === 'reach') {
    const rows = [...shares].map(([what, row]) => [
      what,
      Object.fromEntries(names.map((kind, column) => [kind.slice(0, 24), `${row[column]!.toFixed(1)} %`])),
    ])
    console.table(Object.fromEntries(rows))
  }
})

it.each(wanted)('%s is reached by a twentieth of some kind', (what) => {
  expect(Math.max(...shares.get(what)!)).toBeGreaterThanOrEqual(5)
})

it('every reason why a link is left alone is listed, but what only a message has', () => {
  expect(Object.keys(skipReasons).filter((reason) => !wanted.includes(reason))).toEqual(['charset'])
})

it('nothing is reached that is not listed', () => {
  expect([...shares.keys()]).toEqual(wanted)
})
