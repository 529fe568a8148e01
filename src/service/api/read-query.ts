import { quote } from '../../errors.ts'
import { refuse } from './refuse.ts'

/** The parameters in a URL, each at most once, and none that the endpoint does not know. */
export function readQuery<Name extends string>(url: string, known: readonly Name[]): Partial<Record<Name, string>> {
  const query: Partial<Record<Name, string>> = {}
  for (const [name, value] of new URL(url).searchParams) {
    if (!known.includes(name as Name)) {
      const advice = known.length === 0 ? 'this endpoint takes none' : `use ${known.join(', ')}`
      wrongParameter(`the URL has a parameter ${quote(name)}: ${advice}`)
    }
    if (name in query) wrongParameter(`the parameter ${name} is there twice: give it once`)
    query[name as Name] = value
  }
  return query
}

export function wrongParameter(message: string): never {
  refuse({ status: 422, name: 'invalid_parameter', message })
}

/** A whole number in digits. */
export function readLimit(text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > max) wrongParameter(`limit is ${quote(text)}: use a whole number of 1 to ${max}`)
  return limit
}
