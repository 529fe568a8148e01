import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clickModes, openModes } from '../../../src/config/tracking-modes.ts'
import { campaignPath, domainPath, listPath, messagePath } from '../../../src/service/console/links.ts'
import {
  formatCount,
  formatDay,
  formatMany,
  formatShare,
  formatShortDay,
  formatSpan,
  formatTime,
  isTime,
} from '../../../src/service/console/text/format.ts'
import { modeOf, modeText } from '../../../src/service/console/text/mode-texts.ts'

describe('numbers', () => {
  it.each([
    [0, '0 %'],
    [0.0001, '< 0.1 %'],
    [0.001, '0.1 %'],
    [0.2873, '28.7 %'],
    [0.999, '99.9 %'],
    [0.9999, '> 99.9 %'],
    [1, '100 %'],
  ])('a share of %d is %s', (share, text) => {
    expect(formatShare(share)).toBe(text)
  })

  it('are grouped, and agree with their noun', () => {
    expect([formatCount(1_234_567), formatMany(1, 'message'), formatMany(0, 'message')]).toEqual([
      '1,234,567',
      '1 message',
      '0 messages',
    ])
    expect(formatMany(2, 'copy', 'copies')).toBe('2 copies')
  })

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_999, '60.0 s'],
    [60_000, '1.0 min'],
    [5_400_000, '1.5 h'],
    [86_400_000, '1.0 d'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text)
  })
})

it('times are in UTC, whatever the machine says', () => {
  const time = Date.UTC(2026, 10, 4, 23, 5)
  expect([formatTime(time), formatDay(time), formatShortDay(time)]).toEqual([
    '4 Nov 2026, 23:05',
    '4 Nov 2026',
    '4 Nov',
  ])
  expect([isTime(8.64e15), isTime(8.64e15 + 1), isTime(Number.NaN)]).toEqual([true, false, false])
})

describe('modes', () => {
  it('each has words of its own', () => {
    const texts = [false as const, ...openModes].map((mode) => modeText(mode))
    expect(new Set(texts.map(({ name }) => name)).size).toBe(5)
    expect(new Set(texts.map(({ what }) => what)).size).toBe(5)
    for (const mode of clickModes) expect(openModes).toContain(mode)
  })

  it.each([
    [true, 'full'],
    [false, false],
    ['day', 'day'],
  ] as const)('%s is %s', (value, mode) => {
    expect(modeOf(value)).toBe(mode)
  })
})

describe('addresses', () => {
  it('carry any name there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (campaign, domain) => {
        const url = new URL(campaignPath({ campaign, domain }, '/email'), 'http://localhost')
        expect([url.pathname, url.searchParams.get('name'), url.searchParams.get('domain')]).toEqual([
          '/campaign/email',
          campaign.toWellFormed(),
          domain.toWellFormed(),
        ])
      }),
    )
  })

  it.each([
    [campaignPath({ campaign: '..', domain: 'a.example' }), '/campaign?name=..&domain=a.example'],
    [messagePath({ messageRef: 'a/b', domain: 'a.example' }, '/email'), '/messages/a%2Fb/email?domain=a.example'],
    [domainPath('x', '/remove'), '/domains/x/remove'],
    [listPath('/messages', { campaign: 'a&b', domain: null, after: undefined }), '/messages?campaign=a%26b'],
    [listPath('/messages', {}), '/messages'],
  ])('%s', (path, expected) => {
    expect(path).toBe(expected)
  })
})
