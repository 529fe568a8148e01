import { describe, expect, it, test } from 'vitest'
import { dnsName, isUnescapedName } from '../../src/dns/dns-name.ts'

describe('dnsName', () => {
  test.each([
    ['Links.Example.COM', 'links.example.com'],
    ['links.example.com.', 'links.example.com'],
    ['links.example.com..', 'links.example.com.'],
    ['links.example.com\\.', 'links.example.com\\.'],
    ['.', '.'],
    ['', '.'],
    ['a', 'a'],
    ['a.', 'a'],
    ['a b', 'a\\032b'],
    ['a!~b', 'a!~b'],
    ['\x7f', '\\127'],
    ['ü', '\\195\\188'],
    ['😀', '\\240\\159\\152\\128'],
    ['\ud800', '\\239\\191\\189'],
  ])('%j is %j', (text, name) => {
    expect(dnsName(text)).toBe(name)
  })

  it('is null for what is too long', () => {
    expect(dnsName('a'.repeat(1020))).toHaveLength(1020)
    expect(dnsName('a'.repeat(1021))).toBeNull()
    expect(dnsName('\0'.repeat(255))).toHaveLength(1020)
    expect(dnsName('\0'.repeat(256))).toBeNull()
  })
})

describe('isUnescapedName', () => {
  const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`
  test.each([
    ['links.example.com', true],
    ['_x.a-b.9', true],
    ['com', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    [`x.${'a'.repeat(63)}`, true],
    [`x.${'a'.repeat(64)}`, false],
    [long, true],
    [`${long}d`, false],
    ['', false],
    ['.', false],
    ['a.', false],
    ['.a', false],
    ['a..b', false],
    ['a\\.b', false],
    ['a b', false],
    ['*.a', false],
    ['A', false],
    ['a\n', false],
    ['a:443', false],
  ])('%j: %s', (name, isUnescaped) => {
    expect(isUnescapedName(name)).toBe(isUnescaped)
  })
})
