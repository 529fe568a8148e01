import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isTrackingUrl,
  parseTrackingPath,
  type TrackingPath,
  trackingKind,
  writeTrackingPath,
} from '../../src/tracking-url/tracking-url.ts'

const ref = 'V1StGXR8_Z5jdHi6'
const longRef = 'r'.repeat(128)

const paths: [path: string, parsed: TrackingPath][] = [
  ['/c/A', { kind: 'click', token: 'A' }],
  ['/o/A.gif', { kind: 'open', token: 'A' }],
  [`/c/${ref}`, { kind: 'click', token: ref }],
  [`/o/${ref}.gif`, { kind: 'open', token: ref }],
  [`/c/${ref}/0`, { kind: 'click', ref, part: 'html', index: 0 }],
  [`/c/${ref}/t0`, { kind: 'click', ref, part: 'text', index: 0 }],
  [`/c/${ref}/10`, { kind: 'click', ref, part: 'html', index: 10 }],
  [`/c/${longRef}/4294967295`, { kind: 'click', ref: longRef, part: 'html', index: 4_294_967_295 }],
  [`/c/${longRef}/t4294967295`, { kind: 'click', ref: longRef, part: 'text', index: 4_294_967_295 }],
  [`/o/${ref}/0.gif`, { kind: 'open', ref, pixel: 'end' }],
  [`/o/${longRef}/1.gif`, { kind: 'open', ref: longRef, pixel: 'start' }],
  [`/c/${'A'.repeat(8189)}`, { kind: 'click', token: 'A'.repeat(8189) }],
  [`/o/${'A'.repeat(8185)}.gif`, { kind: 'open', token: 'A'.repeat(8185) }],
]

const refused = [
  '',
  '/',
  '/c',
  '/c/',
  '/o/',
  '/o/.gif',
  '/o/A',
  '/o/A.GIF',
  '/o/A.gifx',
  '/o/Agif',
  '/c/A.gif',
  '/C/A',
  'x/c/A',
  '/x/A',
  '/c/A\n',
  '/c/A B',
  '/c/Ä',
  `/c/${ref}/`,
  `/c/${ref}/t`,
  `/c/${ref}/00`,
  `/c/${ref}/01`,
  `/c/${ref}/4294967296`,
  `/c/${ref}/10000000000`,
  `/c/${ref}/x0`,
  `/c/${ref}/0x`,
  `/c/${ref}/0/0`,
  `/c/x.${ref}/0`,
  `/c/${ref}.x/0`,
  `/c/${ref.slice(1)}/0`,
  `/c/${longRef}r/0`,
  `/o/${ref}/2.gif`,
  `/o/${ref}/00.gif`,
  `/o/${ref}/.gif`,
  `/o/x.${ref}/0.gif`,
  `/o/${ref}/x/0.gif`,
  `/o/${ref.slice(1)}/0.gif`,
  `/o/${longRef}r/0.gif`,
  `/o/${ref}/0`,
  `/c/${'A'.repeat(8190)}`,
  `/o/${'A'.repeat(8186)}.gif`,
]

describe('a path', () => {
  it.each(paths)('%s is read and written', (path, parsed) => {
    expect(parseTrackingPath(path)).toEqual(parsed)
    expect(writeTrackingPath(parsed)).toBe(path)
  })

  it.each(refused)('%j is refused', (path) => {
    expect(parseTrackingPath(path)).toBeNull()
  })

  it('is read if it is written exactly so, and never otherwise', () => {
    const piece = fc.constantFrom(
      '/c/',
      '/o/',
      '.gif',
      ref,
      '/',
      't',
      '0',
      '1',
      '3',
      '00',
      'A',
      '-_',
      '.',
      '%41',
      '\n',
      'é',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const path = pieces.join('')
        const parsed = parseTrackingPath(path)
        expect(parsed === null ? path : writeTrackingPath(parsed)).toBe(path)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('trackingKind', () => {
  it.each([
    ['/c/', 'click'],
    ['/c/anything', 'click'],
    ['/o/', 'open'],
    ['/o/anything', 'open'],
    ['/c', null],
    ['/x/c/', null],
    ['/', null],
  ])('%s: %s', (path, kind) => {
    expect(trackingKind(path)).toBe(kind)
  })
})

describe('isTrackingUrl', () => {
  const hosts = [{ host: 'links.example.com' }, { host: 'links.localhost:8080' }]

  it.each([
    ['https://links.example.com/c/', true],
    ['https://links.example.com/o/x', true],
    ['http://links.example.com/c/x?a#b', true],
    // All that a browser takes there.
    ['https://LINKS.Example.com./c/x', true],
    ['https://user@links.example.com:443/c/x', true],
    ['https:\\\\links.example.com\\x\\..\\c\\x', true],
    ['http://links.localhost:8080/c/x', true],
    ['http://links.localhost.:8080/c/x', true],
    ['https://links.example.com/', false],
    ['https://links.example.com/x/c/', false],
    ['https://links.example.com..//c/x', false],
    ['https://links.example.com../c/x', false],
    ['https://links.example.com:8443/c/x', false],
    ['http://links.localhost/c/x', false],
    ['https://xlinks.example.com/c/x', false],
    ['https://linksxexample.com/c/x', false],
    ['https://example.org/c/x', false],
  ])('%s: %s', (url, expected) => {
    expect(isTrackingUrl(new URL(url), hosts)).toBe(expected)
  })
})
