import { describe, expect, it } from 'vitest'
import { configChecks, optionChecks } from '../src/checks.ts'
import { errorOf } from './kit/error-of.ts'

const { object, list, boolean, integer, time, oneOf } = optionChecks
const isFunction = optionChecks.function
const words = ['one', 'two'] as const
const noop = () => {}
const useTime = 'use milliseconds since the epoch, of the years 2000 to 2106'

describe('what is right comes back', () => {
  it.each<[string, unknown, (value: unknown) => unknown]>([
    ['an object', { a: 1 }, (value) => object(value, 'it', ['a', 'b'])],
    ['an object without fields', {}, (value) => object(value, 'it', [])],
    ['a list', [1, 2], (value) => list(value, 'it')],
    ['true', true, (value) => boolean(value, 'it')],
    ['false', false, (value) => boolean(value, 'it')],
    ['the least number', 2, (value) => integer(value, 'it', 2, 4)],
    ['a number', 3, (value) => integer(value, 'it', 2, 4)],
    ['the largest number', 4, (value) => integer(value, 'it', 2, 4)],
    ['the first time', 946_684_800_000, (value) => time(value, 'it')],
    ['the last time', 4_294_967_295_999, (value) => time(value, 'it')],
    ['a function', noop, (value) => isFunction(value, 'it')],
    ['a word', 'two', (value) => oneOf(value, 'it', words)],
  ])('%s', (_, value, check) => expect(check(value)).toEqual(value))

  it('a list with a hole, as one with undefined', () => {
    // biome-ignore lint/suspicious/noSparseArray: this is what is asked
    expect(Object.keys(list([1, , 3], 'it'))).toEqual(['0', '1', '2'])
  })
})

describe('what is wrong is named', () => {
  it.each<[unknown, (value: unknown) => unknown, string]>([
    [null, (value) => object(value, 'it', []), 'it is null: use an object'],
    ['a secret', (value) => object(value, 'it', []), 'it is a string: use an object'],
    [[], (value) => object(value, 'it', []), 'it is an array: use an object'],
    [{ a: 1, c: 2 }, (value) => object(value, 'it', ['a', 'b']), 'it has no field "c": use a, b'],
    [{ length: 0 }, (value) => list(value, 'it'), 'it is an object: use an array'],
    ['a secret', (value) => list(value, 'it'), 'it is a string: use an array'],
    ['true', (value) => boolean(value, 'it'), 'it is "true": use true or false'],
    [1, (value) => integer(value, 'it', 2, 4), 'it is 1: use a whole number of 2 to 4'],
    [5, (value) => integer(value, 'it', 2, 4), 'it is 5: use a whole number of 2 to 4'],
    [2.5, (value) => integer(value, 'it', 2, 4), 'it is 2.5: use a whole number of 2 to 4'],
    ['3', (value) => integer(value, 'it', 2, 4), 'it is "3": use a whole number of 2 to 4'],
    [Number.NaN, (value) => integer(value, 'it', 2, 4), 'it is NaN: use a whole number of 2 to 4'],
    [946_684_799_999, (value) => time(value, 'it'), `it is 946684799999: ${useTime}`],
    [4_294_967_296_000, (value) => time(value, 'it'), `it is 4294967296000: ${useTime}`],
    ['1767225600000', (value) => time(value, 'it'), `it is "1767225600000": ${useTime}`],
    [Number.NaN, (value) => time(value, 'it'), `it is NaN: ${useTime}`],
    ['f', (value) => isFunction(value, 'it'), 'it is "f": use a function'],
    ['three', (value) => oneOf(value, 'it', words), 'it is "three": use one of one, two'],
    ['length', (value) => oneOf(value, 'it', words), 'it is "length": use one of one, two'],
  ])('%j (%#)', (value, check, message) => {
    expect(errorOf(() => check(value))).toEqual({ code: 'invalid-options', message })
  })

  it('by the code of its kind', () => {
    expect(errorOf(() => configChecks.boolean(1, 'it'))).toEqual({
      code: 'invalid-config',
      message: 'it is 1: use true or false',
    })
  })
})
