// The guide's tables say what the code's tables say.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { findingKinds } from '../../src/dns/index.ts'
import { rowsOf } from '../domains/guide-table.ts'

const guide = readFileSync(new URL('../../src/dns/README.md', import.meta.url), 'utf8')

it('lists every kind of finding with its meaning and its outcome', () => {
  const expected = Object.entries(findingKinds).map(([kind, { meaning, outcome }]) => [kind, meaning, outcome ?? '-'])
  expect(rowsOf(guide, ['kind', 'what it means', 'outcome'])).toEqual(expected)
})
