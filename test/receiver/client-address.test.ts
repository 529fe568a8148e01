import { describe, expect, it } from 'vitest'
import { forwardedAddress, headerAddress, truncateAddress } from '../../src/receiver/index.ts'

const request = (headers: Record<string, string>) => new Request('https://links.example.com/', { headers })

describe('headerAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.254', '203.0.113.254'],
    ['255.249.199.99', '255.249.199.99'],
    ['0.0.0.0', '0.0.0.0'],
    ['203.0.113.256', null],
    ['260.0.113.9', null],
    ['1.2.3.4.5', null],
    ['1.2.3.4.', null],
    ['.1.2.3.4', null],
    ['1.2.3.', null],
    // `01` has two readings: decimal, and octal.
    ['01.2.3.4', null],
    ['1.2.3.04', null],
    ['::ffff:01.2.3.4', null],
    ['203.0.113.9:471100', null],
    ['203.0.113.9:', null],
    ['[203.0.113.9]', null],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:', null],
    ['[2001:db8::1]:471100', null],
    ['x[2001:db8::1]', null],
    ['[2001:db8::1]x', null],
    ['[2001:db8::1', null],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['::ffff:0:1', '0.0.0.1'],
    ['::ffff:203.0.113.9:1', null],
    ['1::ffff:cb00:7109', '1::ffff:cb00:7109'],
    ['::ffff:1:2:3', '::ffff:1:2:3'],
    ['::1]:80/[', null],
    ['::1]/[a', null],
    ['a]/[::1', null],
    ['0000:0000:0000:0000:0000:ffff:255.255.255.255', '255.255.255.255'],
    ['00000:0000:0000:0000:0000:ffff:255.255.255.255', null],
    ['203.0.113', null],
    ['0x7f.1', null],
    ['2130706433', null],
    ['unknown', null],
    ['2001:db8::1%eth0', null],
    ['<script>', null],
    ['1.2.3.4, 5.6.7.8', null],
    [':'.repeat(100_000), null],
    ['', null],
  ])('reads %.40s', (value, address) => {
    expect(headerAddress('CF-Connecting-IP')(request({ 'cf-connecting-ip': value }))).toBe(address)
  })

  it('reads nothing where there is no such header', () => {
    expect(headerAddress('x-real-ip')(request({ 'x-forwarded-for': '203.0.113.9' }))).toBe(null)
  })

  it.each([
    ['x forwarded', 'header is "x forwarded": use the name of the header that your proxy overwrites'],
    [undefined, 'header is undefined: use the name of the header that your proxy overwrites'],
    ['X-Forwarded-For', 'header is "x-forwarded-for", which readers can begin: use forwardedAddress'],
  ])('refuses %s', (header, message) => {
    expect(() => headerAddress(header as string)).toThrow(expect.objectContaining({ code: 'invalid-options', message }))
  })
})

describe('forwardedAddress', () => {
  it.each([
    [undefined, '203.0.113.9', '203.0.113.9'],
    [1, 'made up, 8.8.8.8, 203.0.113.9', '203.0.113.9'],
    [2, '8.8.8.8, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
    [2, '203.0.113.9', null],
    [1, '8.8.8.8, unknown', null],
    [1, '', null],
  ])('behind %s of the own proxies reads %s', (proxies, value, address) => {
    expect(forwardedAddress(proxies)(request({ 'x-forwarded-for': value }))).toBe(address)
  })

  it('reads nothing where there is no such header', () => {
    expect(forwardedAddress()(request({ 'x-real-ip': '203.0.113.9' }))).toBe(null)
  })

  it('reads the tenth from the end behind ten proxies', () => {
    expect(forwardedAddress(10)(request({ 'x-forwarded-for': '203.0.113.9,2,3,4,5,6,7,8,9,10' }))).toBe('203.0.113.9')
  })

  it.each([[0], [11], [1.5], [Number.NaN]])('refuses %s proxies', (proxies) => {
    const message = `proxies is ${proxies}: use a whole number of 1 to 10`
    expect(() => forwardedAddress(proxies)).toThrow(expect.objectContaining({ code: 'invalid-options', message }))
  })
})

describe('truncateAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0'],
    ['2001:db8:a:b:1:2:3:4', '2001:db8:a::'],
    ['2001:db8:a:b::1', '2001:db8:a::'],
    ['2001:db8::1', '2001:db8::'],
    ['::1', '::'],
    ['1::', '1::'],
    ['::ffff:203.0.113.9', '203.0.113.0'],
    ['203.0.113.254', '203.0.113.0'],
    ['2001:db8:a:b:c::', '2001:db8:a::'],
    ['::3:4:5:6:7:8', '0:0:3::'],
    ['0:2:3:4:5:6:7:8', '0:2:3::'],
    ['1:2:3:4:5:6::', '1:2:3::'],
    // 6to4 has the whole IPv4 address within its first 48 bits.
    ['2002:cb00:7109::1', '2002:cb00:7100::'],
    ['2002:cb00:9::1', '2002:cb00::'],
    ['2002:cb00:109:1:2:3:4:5', '2002:cb00:100::'],
    ['2002::', '2002::'],
    ['12002:cb00:7109::1', null],
    ['2001:cb00:7109::1', '2001:cb00:7109::'],
    ['nobody', null],
    [null, null],
  ])('%s: %s', (address, cut) => {
    expect(truncateAddress(address)).toBe(cut)
  })
})
