import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { repository } from '../package/source-files.ts'

interface Equivalent {
  readonly path: string
  readonly before: string
  readonly in: string
}

const equivalents: readonly Equivalent[] = JSON.parse(
  readFileSync(`${repository}test/mutation/equivalent.json`, 'utf8'),
)

it('every mutant that behaves the same is one of a line that is still there', () => {
  const gone = equivalents.filter(({ path, before, in: part }) => {
    const text = readFileSync(repository + path, 'utf8')
    return !(text.includes(part) && text.includes(before))
  })
  expect(gone).toEqual([])
})
