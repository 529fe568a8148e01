import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from '../src/errors.ts'
import { type DomainConfig, MailtraceError, trackingActivation } from '../src/index.ts'
import { thrownBy } from './kit/error-of.ts'

describe('MailtraceError', () => {
  const error = new MailtraceError('invalid-config', 'name is "": use the sending domain')

  it('is an Error with a name, a code and a message', () => {
    expect(error).toBeInstanceOf(Error)
    expect(`${error}`).toBe('MailtraceError: name is "": use the sending domain')
    expect(error.code).toBe('invalid-config')
    expect(error.stack).toContain('errors.test.ts')
    expect(error.cause).toBeUndefined()
  })

  it('has allowedAt when it is given', () => {
    expect(error.allowedAt).toBeUndefined()
    expect(new MailtraceError('change-too-soon', 'later', { allowedAt: 5 }).allowedAt).toBe(5)
    expect(new MailtraceError('change-too-soon', 'later', { allowedAt: 0 }).allowedAt).toBe(0)
  })

  it('is told from others by its class and by its name', () => {
    const thrown = thrownBy(() => trackingActivation({} as DomainConfig))
    expect(thrown).toBeInstanceOf(MailtraceError)
    expect((thrown as Error).name).toBe('MailtraceError')
    expect(Object.keys(thrown as object).sort()).toEqual(['allowedAt', 'code', 'name'])
  })
})

const quotes: [value: unknown, shown: string][] = [
  ['', '""'],
  ['links.example.com', '"links.example.com"'],
  ['a "quoted" one\n', '"a \\"quoted\\" one\\n"'],
  ['\u001b[2J\u009b1m\u007f', '"\\u001b[2J\\u009b1m\\u007f"'],
  ['moc.elpmaxe\u202e\u2028\ufeff', '"moc.elpmaxe\\u202e\\u2028\\ufeff"'],
  ['x'.repeat(80), `"${'x'.repeat(80)}"`],
  ['x'.repeat(81), `"${'x'.repeat(79)}…"`],
  ['\ud800', '"\\ud800"'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [0, '0'],
  [-0, '0'],
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [1n, 'a bigint'],
  [Symbol('secret'), 'a symbol'],
  [() => 'secret', 'a function'],
  [{ secret: 'secret' }, 'an object'],
  [new Date(0), 'an object'],
  [['secret'], 'an array'],
  [new Uint8Array(32), 'an object'],
  [{ toString: () => 'secret', toJSON: () => 'secret' }, 'an object'],
]

describe('quote', () => {
  it.each(quotes.map(([value, shown]) => [shown, value]))('gives %s', (shown, value) => {
    expect(quote(value)).toBe(shown)
  })

  it('shows at most 80 characters of a text, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const shown = quote(text)
        expect(shown).not.toMatch(/[\n\r\0]/)
        const unquoted: string = JSON.parse(shown)
        expect(unquoted.length).toBeLessThanOrEqual(80)
        expect(text.startsWith(unquoted.length === 80 && text.length > 80 ? unquoted.slice(0, 79) : unquoted)).toBe(
          true,
        )
      }),
    )
  })
})
