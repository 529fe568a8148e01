import fc from 'fast-check'
import parse10 from 'nodemailer/lib/addressparser'
import parse6 from 'nodemailer6/lib/addressparser'
import { describe, expect, it } from 'vitest'
import { readAddresses } from '../../src/nodemailer/addresses.ts'

describe('addresses as nodemailer takes them', () => {
  const rows: [given: unknown, addresses: string[]][] = [
    ['ada@example.org', ['ada@example.org']],
    [' ada@example.org ', ['ada@example.org']],
    ['<ada@example.org>', ['ada@example.org']],
    ['Ada Lovelace <ada@example.org>', ['ada@example.org']],
    ['"Lovelace, Ada" <ada@example.org>', ['ada@example.org']],
    ['"a \\" <b@example.org>" <ada@example.org>', ['ada@example.org']],
    ['bob@example.org <ada@example.org>', ['ada@example.org']],
    [
      'ada@example.org, Bob <bob@example.org>;carl@example.org',
      ['ada@example.org', 'bob@example.org', 'carl@example.org'],
    ],
    ['ada@example.org,, ,', ['ada@example.org']],
    [
      'Team: ada@example.org, Bob <bob@example.org>;, carl@example.org',
      ['ada@example.org', 'bob@example.org', 'carl@example.org'],
    ],
    ['ada@example.org: bob@example.org;', ['bob@example.org']],
    ['undisclosed-recipients:;', []],
    ['ädä@münchen.example', ['ädä@münchen.example']],
    [{ name: 'Ada', address: 'ada@example.org' }, ['ada@example.org']],
    [
      ['ada@example.org, bob@example.org', { address: 'carl@example.org' }, ['dora@example.org']],
      ['ada@example.org', 'bob@example.org', 'carl@example.org', 'dora@example.org'],
    ],
    [[], []],
    [undefined, []],
    [null, []],
    [false, []],
    ['', []],
  ]
  it.each(rows)('%j', (given, addresses) => {
    expect(readAddresses(given)).toEqual(addresses)
  })
})

describe('what parsers may read in several ways is read by nobody', () => {
  const rows: unknown[] = [
    'root',
    'Ada',
    'Ada ada@example.org',
    'ada@example.org Ada',
    'ada@example.org bob@example.org',
    '<ada@example.org> Ada',
    '<ada@example.org> <bob@example.org>',
    '<ada@example.org>: bob@example.org;',
    'Ada <ada@example.org',
    'Ada <root>',
    '"Ada <ada@example.org>',
    '"ada lovelace"@example.org',
    'ada@example.org (Ada)',
    'ada@[192.0.2.1]',
    'ada@bob@example.org',
    'a\0da@example.org',
    'ada\\@example.org',
    'bob@example.org, Ada',
    ['bob@example.org', 'Ada'],
    { name: 'Ada' },
    { address: 'ada@example.org, bob@example.org' },
    { address: 7 },
    { name: 'Team', group: [{ address: 'ada@example.org' }] },
    7,
  ]
  it.each(rows)('%j', (given) => {
    expect(readAddresses(given)).toBe(null)
  })
})

interface Parsed {
  readonly address?: string
  readonly group?: readonly Parsed[]
}
const flatten = (list: readonly Parsed[]): string[] =>
  list.flatMap(({ address, group }) => (group ? flatten(group) : address ? [address] : []))

describe('of an address field, nothing or what nodemailer reads', () => {
  const parts = fc.constantFrom(
    ...[
      'ada@example.org',
      'bob@example.net',
      '<carl@example.com>',
      '"Doe, Jane"',
      '"a@b.example"',
      'Ada',
      'x',
      '@',
      '<',
      '>',
      '"',
      '\\',
    ],
    ...['(', ')', ',', ',', ';', ':', ' ', ' ', '\t', '\r\n ', '.', '[', ']', 'ä', '\0', '\u00a0'],
  )
  const fields = fc.array(parts, { maxLength: 12 }).map((list) => list.join(''))
  it.each([
    ['10', parse10],
    ['6', parse6],
  ] as unknown as [string, (field: string) => readonly Parsed[]][])('nodemailer %s', (_, parse) => {
    let read = 0
    fc.assert(
      fc.property(fields, (field) => {
        const addresses = readAddresses(field)
        if (addresses === null) return
        if (addresses.length > 0) read++
        expect(addresses).toEqual(flatten(parse(field)))
      }),
      { numRuns: 5000 },
    )
    expect(read).toBeGreaterThan(100)
  })
})
