import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckedKey } from '../../src/config/domain-config.ts'
import { clickModes, openModes } from '../../src/config/tracking-modes.ts'
import { decodeBase64Url, encodeBase64Url } from '../../src/tracking-url/base64url.ts'
import type { Payload } from '../../src/tracking-url/payload.ts'
import { createTokenOpener, createTokenSigner } from '../../src/tracking-url/token.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const u32 = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat(0xffff_ffff))

const utf8Length = (text: string): number => Buffer.byteLength(text)
/** Well-formed text of every plane. */
const wellFormed = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength })

const dayMs = 86_400_000
/** In ms, as tokens carry it. */
const seconds = u32.map((value) => value * 1000)
const ref = fc.oneof(
  fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme-ascii' }),
  wellFormed(60).filter((text) => text !== '' && utf8Length(text) <= 128),
)
const destination = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  wellFormed(200).map((text) => `https://example.com/${text}`),
  fc.nat(5000).map((length) => `https://example.com/${'x'.repeat(length)}`),
)
const claims: fc.Arbitrary<Payload> = fc
  .oneof(
    fc.record({
      kind: fc.constant('click' as const),
      mode: fc.constantFrom(...clickModes),
      part: fc.constantFrom('html' as const, 'text' as const),
      issuedAt: seconds,
      ref,
      index: u32,
      destination,
    }),
    fc.record({
      kind: fc.constant('open' as const),
      mode: fc.constantFrom(...openModes),
      pixel: fc.constantFrom('start' as const, 'end' as const),
      issuedAt: seconds,
      ref,
    }),
  )
  .map((all) => (all.mode === 'anonymous' ? { ...all, issuedAt: all.issuedAt - (all.issuedAt % dayMs) } : all))

const key = (id: string, fill: number): CheckedKey => ({ id, secret: new Uint8Array(32).fill(fill) })
const first = key('first', 1)
const signer = createTokenSigner('example.com', first)
const opener = createTokenOpener('example.com', [first])

function sign(reference: Payload, by = signer): string {
  return reference.kind === 'open' ? by.open(reference) : by.clicks(reference)(reference.index, reference.destination)
}

const example: Payload = {
  kind: 'click',
  mode: 'full',
  part: 'html',
  issuedAt: 1_767_225_600_000,
  ref: 'msg_2f9a',
  index: 3,
  destination: 'https://example.com/a',
}

describe('a token', () => {
  it('gives back what was signed, whatever that is', () => {
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 5 }), (references) => {
        const tokens = references.map((reference) => sign(reference))
        expect(tokens.map(opener)).toEqual(references)
        expect(tokens.every((token) => /^[A-Za-z0-9_-]+$/.test(token))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('depends on nothing but what it says, whatever was signed before', () => {
    // From few values, so that messages, times and lengths follow each other in every order.
    const shared = {
      mode: fc.constantFrom('full' as const, 'identified' as const),
      issuedAt: fc.constantFrom(0, 1000, 4_294_967_295_000),
      ref: fc.constantFrom('a', 'b', '\u0142', 'a'.repeat(128)),
    }
    const few: fc.Arbitrary<Payload> = fc.oneof(
      fc.record({
        kind: fc.constant('open' as const),
        pixel: fc.constantFrom('start' as const, 'end' as const),
        ...shared,
      }),
      fc.record({
        kind: fc.constant('click' as const),
        part: fc.constantFrom('html' as const, 'text' as const),
        ...shared,
        index: fc.nat(2),
        destination: fc.constantFrom('x', '\u4e2d', 'x'.repeat(300), 'x'.repeat(2000), '\u4e2d'.repeat(3000)),
      }),
    )
    fc.assert(
      fc.property(fc.array(few, { minLength: 2, maxLength: 10 }), (references) => {
        const used = createTokenSigner('example.com', first)
        for (const reference of references) {
          expect(sign(reference, used)).toBe(sign(reference, createTokenSigner('example.com', first)))
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe("the signer's buffer", () => {
  const longestKeyId = 'k'.repeat(32)
  const longKey = key(longestKeyId, 3)
  const open = createTokenOpener('example.com', [longKey])
  const smallOpen: Payload = { kind: 'open', mode: 'full', pixel: 'end', ref: 'm', issuedAt: 0 }
  const largeOpen: Payload = { ...smallOpen, ref: 'r'.repeat(128) }
  const largeClick = (destination: string): Payload => ({ ...example, ref: 'r'.repeat(128), destination })

  it('grows from an open of one byte to a click of 128 and 300 CJK characters', () => {
    const growing = createTokenSigner('example.com', longKey)
    const references = [smallOpen, largeClick(`https://${'\u4e2d'.repeat(300)}`), smallOpen]
    expect(references.map((each) => open(sign(each, growing)))).toEqual(references)
  })

  it('holds the longest head, and any destination, as the first it is asked for', () => {
    expect(open(sign(largeOpen, createTokenSigner('example.com', longKey)))).toEqual(largeOpen)
    for (let length = 0; length < 1500; length++) {
      const click = largeClick(`https://${'\u4e2d'.repeat(length)}`)
      expect(open(sign(click, createTokenSigner('example.com', longKey)))).toEqual(click)
    }
  })

  it('holds any destination after any other', () => {
    const growing = createTokenSigner('example.com', longKey)
    for (let length = 0; length < 3000; length += 7) {
      const click = largeClick(`https://${'\u4e2d'.repeat(length)}`)
      expect(open(sign(click, growing))).toEqual(click)
    }
  })

  it('is full to the last byte but one, and then not cut', () => {
    // Without a scheme, of which each character takes less than the three bytes that are allowed for.
    const clicks = [0, 341, 342, 683].map((length) => largeClick('\u4e2d'.repeat(length)))
    const growing = createTokenSigner('example.com', longKey)
    for (const click of clicks) {
      expect(sign(click, growing)).toBe(sign(click, createTokenSigner('example.com', longKey)))
    }
  })
})

describe('what a mint never writes reads as null, signed or not', () => {
  it('a click by the day', () => {
    const click = { ...example, issuedAt: 1_767_225_600_000, mode: 'day' } as unknown as Payload
    expect(opener(sign(click))).toBeNull()
  })

  it('a destination that is not absolute', () => {
    const start = fc.constantFrom(
      'http://',
      'https://',
      'HTTPS://',
      'https:',
      'https:/',
      '//',
      'javascript:',
      ' https://',
    )
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary', maxLength: 20 }), (scheme, rest) => {
        const click = { ...example, destination: scheme + rest }
        expect(opener(sign(click))).toEqual(/^https?:\/\//i.test(click.destination) ? click : null)
      }),
    )
  })
})

describe('a changed token reads as null', () => {
  it.each([
    ['a click', example],
    ['an anonymous click', { ...example, mode: 'anonymous' }],
    ['an open', { kind: 'open', mode: 'full', pixel: 'end', ref: 'm', issuedAt: 0 }],
    ['an anonymous open', { kind: 'open', mode: 'anonymous', pixel: 'start', ref: 'm', issuedAt: 0 }],
    ['an open by the day', { kind: 'open', mode: 'day', pixel: 'end', ref: 'm', issuedAt: 0 }],
  ] satisfies [string, Payload][])('any bit of %s', (_, reference) => {
    const bytes = decodeBase64Url(sign(reference))!
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(opener(encodeBase64Url(changed)), `bit ${bit}`).toBeNull()
    }
  })

  it('any kind and mode put into it', () => {
    fc.assert(
      fc.property(claims, fc.nat(255), fc.nat(255), (reference, kind, mode) => {
        const bytes = decodeBase64Url(sign(reference))!
        fc.pre(bytes[1] !== kind || bytes[2] !== mode)
        bytes[1] = kind
        bytes[2] = mode
        expect(opener(encodeBase64Url(bytes))).toBeNull()
      }),
    )
  })

  it('any character of it, for any other', () => {
    const token = sign(example)
    for (let at = 0; at < token.length; at++) {
      for (const character of `${alphabet}=+/. é`) {
        if (character === token[at]) continue
        expect(opener(token.slice(0, at) + character + token.slice(at + 1))).toBeNull()
      }
    }
  })

  it('cut anywhere, at either end', () => {
    const token = sign(example)
    for (let at = 0; at < token.length; at++) {
      expect(opener(token.slice(0, at))).toBeNull()
      expect(opener(token.slice(at + 1))).toBeNull()
    }
  })

  const changes: [what: string, change: fc.Arbitrary<(token: string) => string>][] = [
    [
      'a bit',
      fc.nat().map((seed) => (token) => {
        const bytes = decodeBase64Url(token)!
        const bit = seed % (bytes.length * 8)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        return encodeBase64Url(bytes)
      }),
    ],
    [
      'an extension',
      fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1 }).map((tail) => (token) => token + tail),
    ],
    ['a head', fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1 }).map((head) => (token) => head + token)],
    [
      'bytes after the MAC',
      fc
        .uint8Array({ minLength: 1 })
        .map((tail) => (token) => encodeBase64Url(Uint8Array.from([...decodeBase64Url(token)!, ...tail]))),
    ],
    [
      'bytes before the MAC',
      fc.uint8Array({ minLength: 1, maxLength: 8 }).map((extra) => (token) => {
        const bytes = [...decodeBase64Url(token)!]
        return encodeBase64Url(Uint8Array.from([...bytes.slice(0, -16), ...extra, ...bytes.slice(-16)]))
      }),
    ],
    [
      'a removed byte',
      fc.nat().map((seed) => (token) => {
        const bytes = [...decodeBase64Url(token)!]
        bytes.splice(seed % bytes.length, 1)
        return encodeBase64Url(Uint8Array.from(bytes))
      }),
    ],
    ['upper case', fc.constant((token) => token.toUpperCase())],
    ['lower case', fc.constant((token) => token.toLowerCase())],
    [
      'the case of one letter',
      fc.nat().map((seed) => (token) => {
        const letters = [...token].flatMap((character, at) => (/[A-Za-z]/.test(character) ? [at] : []))
        const at = letters[seed % letters.length]!
        const letter = token[at]!
        return (
          token.slice(0, at) +
          (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()) +
          token.slice(at + 1)
        )
      }),
    ],
    [
      'two characters swapped',
      fc.tuple(fc.nat(), fc.nat()).map(([one, two]) => (token) => {
        const characters = [...token]
        const [a, b] = [one % token.length, two % token.length]
        ;[characters[a], characters[b]] = [characters[b]!, characters[a]!]
        return characters.join('')
      }),
    ],
    ['padding', fc.constantFrom('=', '==').map((padding) => (token) => token + padding)],
    ['white space', fc.constantFrom(' ', '\n', '\r\n', '\t').map((space) => (token) => token + space)],
    ['reversal', fc.constant((token) => [...token].reverse().join(''))],
    ['the MAC alone', fc.constant((token) => encodeBase64Url(decodeBase64Url(token)!.slice(-16)))],
    ['the payload alone', fc.constant((token) => encodeBase64Url(decodeBase64Url(token)!.slice(0, -16)))],
  ]
  it.each(changes)('%s', (_, change) => {
    fc.assert(
      fc.property(claims, change, (reference, apply) => {
        const token = sign(reference)
        const changed = apply(token)
        fc.pre(changed !== token)
        expect(opener(changed)).toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  it('two tokens spliced together', () => {
    fc.assert(
      fc.property(claims, claims, fc.nat(), (one, two, seed) => {
        const [a, b] = [sign(one), sign(two)]
        const at = seed % Math.min(a.length, b.length)
        const spliced = a.slice(0, at) + b.slice(at)
        fc.pre(spliced !== a && spliced !== b)
        expect(opener(spliced)).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })

  it('any text at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 200 })),
        (text) => {
          expect(opener(text)).toBeNull()
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('a token of another origin reads as null', () => {
  const foreign: [what: string, domainName: string, signedBy: CheckedKey][] = [
    ['another sending domain', 'example.org', first],
    ['a sending domain below', 'mail.example.com', first],
    ['a sending domain above', 'com', first],
    ['a name that the length prefix keeps apart', 'example.com\u0001', first],
    ['another secret under the same id', 'example.com', key('first', 2)],
    ['a secret that is one byte longer', 'example.com', { id: 'first', secret: new Uint8Array(33).fill(1) }],
    ['the same secret under another id', 'example.com', key('second', 1)],
    ['an id in another case', 'example.com', key('First', 1)],
  ]
  it.each(foreign)('%s', (_, domainName, signedBy) => {
    fc.assert(
      fc.property(claims, (reference) => {
        const token = sign(reference, createTokenSigner(domainName, signedBy))
        expect(opener(token)).toBeNull()
        expect(createTokenOpener(domainName, [signedBy])(token)).not.toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('no key at all', () => {
    expect(createTokenOpener('example.com', [])(sign(example))).toBeNull()
  })
})

describe('keys rotate', () => {
  const [old, current, next] = [key('2024', 4), key('2025', 5), key('2026', 6)]
  const token = sign(example, createTokenSigner('example.com', current))

  const rotations: [what: string, keys: CheckedKey[], isRead: boolean][] = [
    ['the only key', [current], true],
    ['behind a new key', [next, current], true],
    ['behind two', [next, old, current], true],
    ['before an old one', [current, old], true],
    ['taken out', [next, old], false],
    ['its id given to another secret', [{ ...next, id: '2025' }], false],
  ]
  it.each(rotations)('%s', (_, keys, isRead) => {
    expect(createTokenOpener('example.com', keys)(token)).toEqual(isRead ? example : null)
  })

  it('keys whose ids are names of Object.prototype are keys like any other', () => {
    const odd = [key('constructor', 7), key('__proto__', 8), key('toString', 9)]
    for (const each of odd) {
      expect(createTokenOpener('example.com', odd)(sign(example, createTokenSigner('example.com', each)))).toEqual(
        example,
      )
      expect(opener(sign(example, createTokenSigner('example.com', each)))).toBeNull()
    }
  })
})
