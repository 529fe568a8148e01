import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeeper } from '../../../src/service/api/json-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test.each<[json: string, depth: number]>([
  ['1', 0],
  ['"[{"', 0],
  ['[]', 1],
  ['[{},[]]', 2],
  ['{"a":[{"b":[]}]}', 4],
  ['["[","{",[]]', 2],
  [String.raw`["\"[[[",[]]`, 2],
  [String.raw`["\\",[[]]]`, 3],
  [String.raw`["\\\"[[[["]`, 1],
  ['{"[":[]}', 2],
  // What is no JSON is told so by the parser.
  ['[[[', 3],
  ['"[[[', 0],
  [String.raw`["\"`, 1],
])('%s has %d levels', (json, depth) => {
  expect([isDeeper(json, depth - 1), isDeeper(json, depth)]).toEqual([depth > 0, false])
})

test('counts what a parser would make', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 7 }), (json, most) => {
      expect(isDeeper(json, most)).toBe(depthOf(JSON.parse(json)) > most)
    }),
  )
})
