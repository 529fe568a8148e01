// No short cut decides what a table decides: an opt-out that is added to the table holds for links of any spelling.

import { describe, expect, it, vi } from 'vitest'
import { commonLinkAttributes } from '../../../src/html/fast-path.ts'
import { linkNames, saysAnything } from '../../../src/instrument/links/link-attributes.ts'
import { optOuts } from '../../../src/instrument/links/opt-outs.ts'
import { linkIn } from './outcome-of.ts'

vi.mock(import('../../../src/instrument/links/opt-outs.ts'), async (original) => {
  const module = await original()
  return { ...module, optOuts: [...module.optOuts, { name: 'rel', value: 'notrack', sender: null }] }
})

it('an attribute that the fast path passes over can become an opt-out', () => {
  expect(commonLinkAttributes).toContain('rel')
  expect(linkIn('<body>x<a rel="notrack" href="https://example.org/">x</a>')).toMatchObject({ reason: 'opt-out' })
  expect(linkIn('<body>x<a rel="nofollow" href="https://example.org/">x</a>')).toMatchObject({ kind: 'tracked' })
})

describe('every attribute that says anything is looked at closer', () => {
  it.each([...optOuts.map(({ name }) => name), ...linkNames])('%s', (name) =>
    expect(saysAnything(['id', name])).toBe(true),
  )

  it('and no other', () => expect(saysAnything(['id', 'title', 'style'])).toBe(false))
})
