import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DomainConfig,
  type InstrumentOptions,
  instrumentEmail,
  MailtraceError,
  prepareEmail,
  readTrackingUrl,
  trackingActivation,
} from '../../src/index.ts'
import { signedDomain as signed, storedDomain as stored } from '../kit/domains.ts'
import { thrownBy } from '../kit/error-of.ts'

const inactive: DomainConfig = { ...stored, openTracking: false, clickTracking: false }
const domains: [name: string, domain: DomainConfig][] = [
  ['signed', signed],
  ['stored', stored],
  ['inactive', inactive],
]

const html = '<body><a href="https://shop.example/">x</a></body>'

/** As a caller without TypeScript would write it. */
const wrong = <T>(value: unknown): T => value as T

const prepareFields = 'openTracking, clickTracking, campaignRef, pixelPlacement, skipLink, skipUrls, maxUrlLength, now'
const maxUrlAdvice = 'use a whole number of 256 to 8192'
const nowAdvice = 'use milliseconds since the epoch, of the years 2000 to 2106'

/** Wrong for instrumentEmail and for prepareEmail. */
const misuses: [what: string, options: unknown, message: string][] = [
  ['null', null, 'options is null: use an object'],
  ['a number', 7, 'options is 7: use an object'],
  ['true', true, 'options is true: use an object'],
  ['a function', () => ({}), 'options is a function: use an object'],
  ['an array', [], 'options is an array: use an object'],
  ['a recipient', 'ada@example.com', 'options is a string: use an object'],
  [
    'opens as text',
    { openTracking: 'false' },
    'openTracking is "false": use true, false or one of full, identified, day, anonymous',
  ],
  [
    'opens as number',
    { openTracking: 0 },
    'openTracking is 0: use true, false or one of full, identified, day, anonymous',
  ],
  [
    'opens as null',
    { openTracking: null },
    'openTracking is null: use true, false or one of full, identified, day, anonymous',
  ],
  [
    'clicks as text',
    { clickTracking: 'no' },
    'clickTracking is "no": use true, false or one of full, identified, anonymous',
  ],
  [
    'clicks as object',
    { clickTracking: {} },
    'clickTracking is an object: use true, false or one of full, identified, anonymous',
  ],
  ['no such placement', { pixelPlacement: 'top' }, 'pixelPlacement is "top": use one of end, start, both'],
  ['a placement in upper case', { pixelPlacement: 'End' }, 'pixelPlacement is "End": use one of end, start, both'],
  ['a placement that is null', { pixelPlacement: null }, 'pixelPlacement is null: use one of end, start, both'],
  ['a placement that is empty', { pixelPlacement: '' }, 'pixelPlacement is "": use one of end, start, both'],
  [
    'a placement that is long',
    { pixelPlacement: 'x'.repeat(200) },
    `pixelPlacement is "${'x'.repeat(79)}…": use one of end, start, both`,
  ],
  ['skipLink as text', { skipLink: 'https://shop.example/' }, 'skipLink is "https://shop.example/": use a function'],
  ['skipLink as list', { skipLink: [] }, 'skipLink is an array: use a function'],
  ['skipLink as expression', { skipLink: /x/ }, 'skipLink is an object: use a function'],
  ['skipLink that is true', { skipLink: true }, 'skipLink is true: use a function'],
  ['a length of 255', { maxUrlLength: 255 }, `maxUrlLength is 255: ${maxUrlAdvice}`],
  ['a length of 8193', { maxUrlLength: 8193 }, `maxUrlLength is 8193: ${maxUrlAdvice}`],
  ['a length of 1.5', { maxUrlLength: 1.5 }, `maxUrlLength is 1.5: ${maxUrlAdvice}`],
  ['a length of 2048.5', { maxUrlLength: 2048.5 }, `maxUrlLength is 2048.5: ${maxUrlAdvice}`],
  ['a length as text', { maxUrlLength: '2048' }, `maxUrlLength is "2048": ${maxUrlAdvice}`],
  ['a length of 0', { maxUrlLength: 0 }, `maxUrlLength is 0: ${maxUrlAdvice}`],
  ['a length below 0', { maxUrlLength: -1 }, `maxUrlLength is -1: ${maxUrlAdvice}`],
  ['a length that is NaN', { maxUrlLength: Number.NaN }, `maxUrlLength is NaN: ${maxUrlAdvice}`],
  ['a length that is infinite', { maxUrlLength: Infinity }, `maxUrlLength is Infinity: ${maxUrlAdvice}`],
  ['a length that is null', { maxUrlLength: null }, `maxUrlLength is null: ${maxUrlAdvice}`],
  ['a length as bigint', { maxUrlLength: 2048n }, `maxUrlLength is a bigint: ${maxUrlAdvice}`],
  ['a time for now', { now: 1_767_225_600_000 }, 'now is 1767225600000: use a function'],
  ['a Date for now', { now: new Date() }, 'now is an object: use a function'],
  ['null for now', { now: null }, 'now is null: use a function'],
]

describe('a wrong option is refused', () => {
  it.each(misuses)('%s', (_, options, message) => {
    for (const [name, domain] of domains) {
      for (const call of [instrumentEmail, prepareEmail]) {
        const error = thrownBy(() => call(html, domain, wrong(options)))
        expect(error, name).toBeInstanceOf(MailtraceError)
        expect(error, name).toMatchObject({ code: 'invalid-options', message })
      }
    }
  })

  const unknown: [what: string, call: (options: never) => unknown, options: object, message: string][] = [
    [
      'instrumentEmail, a slip',
      (options) => instrumentEmail(html, signed, options),
      { messageref: 'x' },
      `options has no field "messageref": use messageRef, ${prepareFields}`,
    ],
    [
      'instrumentEmail, no value',
      (options) => instrumentEmail(html, signed, options),
      { pixel: undefined },
      `options has no field "pixel": use messageRef, ${prepareFields}`,
    ],
    [
      'prepareEmail, one of instrument',
      (options) => prepareEmail(html, signed, options),
      { messageRef: 'x' },
      `options has no field "messageRef": use ${prepareFields}`,
    ],
    [
      'instrument, an option of prepareEmail',
      (options) => prepareEmail(html, signed).instrument(options),
      { campaignRef: 'c' },
      'options has no field "campaignRef": use openTracking, clickTracking, messageRef',
    ],
    [
      'instrument when inactive',
      (options) => prepareEmail(html, inactive).instrument(options),
      { campaignRef: 'c' },
      'options has no field "campaignRef": use openTracking, clickTracking, messageRef',
    ],
    [
      'trackingActivation, a slip',
      (options) => trackingActivation(signed, options),
      { openTraking: false },
      'options has no field "openTraking": use openTracking, clickTracking',
    ],
    [
      'trackingActivation, one of instrumentEmail',
      (options) => trackingActivation(signed, options),
      { messageRef: 'x' },
      'options has no field "messageRef": use openTracking, clickTracking',
    ],
  ]
  it.each(unknown)('that is unknown: %s', (_, call, options, message) => {
    expect(thrownBy(() => call(wrong(options)))).toMatchObject({ code: 'invalid-options', message })
  })

  const noOptions: [what: unknown, shown: string][] = [
    [null, 'null'],
    ['text', 'a string'],
    [7, '7'],
    [[], 'an array'],
  ]
  it.each(noOptions)('%j for the options of instrument and of trackingActivation', (options, shown) => {
    const expected = { code: 'invalid-options', message: `options is ${shown}: use an object` }
    expect(thrownBy(() => prepareEmail(html, signed).instrument(wrong(options)))).toMatchObject(expected)
    expect(thrownBy(() => trackingActivation(signed, wrong(options)))).toMatchObject(expected)
  })

  it('of trackingActivation', () => {
    for (const [options, message] of [
      [
        { openTracking: 'false' },
        'openTracking is "false": use true, false or one of full, identified, day, anonymous',
      ],
      [{ clickTracking: null }, 'clickTracking is null: use true, false or one of full, identified, anonymous'],
    ] as const) {
      const error = thrownBy(() => trackingActivation(signed, wrong(options)))
      expect(error).toMatchObject({ code: 'invalid-options', message })
    }
  })
})

const times: [what: string, time: unknown, shown: string][] = [
  ['NaN', Number.NaN, 'NaN'],
  ['a time before the epoch', -5, '-5'],
  ['a time in seconds', 1_767_225_600, '1767225600'],
  ['the last moment of 1999', 946_684_799_999, '946684799999'],
  ['an infinite time', Infinity, 'Infinity'],
  ['the first second that does not fit', 4_294_967_296_000, '4294967296000'],
  ['text', '5', '"5"'],
  ['null', null, 'null'],
  ['nothing', undefined, 'undefined'],
  ['a Date', new Date(0), 'an object'],
  ['a bigint', 5n, 'a bigint'],
]

describe('the time', () => {
  it.each(times)('%s is refused', (_, time, shown) => {
    const error = thrownBy(() => instrumentEmail(html, signed, { now: () => wrong(time) }))
    expect(error).toMatchObject({ code: 'invalid-options', message: `now() is ${shown}: ${nowAdvice}` })
  })

  it.each([
    [946_684_800_000, 946_684_800_000],
    [946_684_800_000.5, 946_684_800_000],
    [946_684_800_999, 946_684_800_000],
    [1_767_225_600_999, 1_767_225_600_000],
    [4_294_967_295_999, 4_294_967_295_000],
  ])('%d ms is cut to %d', (time, issuedAt) => {
    const { pixel } = instrumentEmail(html, signed, { now: () => time })
    expect(pixel.kind === 'placed' && readTrackingUrl(pixel.urls[0]!, signed)).toMatchObject({ issuedAt })
  })

  it('is the same for all references of a message', () => {
    let time = 1_767_225_600_000
    const { links, pixel } = instrumentEmail(html.repeat(3), signed, { now: () => (time += 10_000) })
    const urls = [
      ...links.map((link) => (link.kind === 'tracked' ? link.url : '')),
      pixel.kind === 'placed' ? pixel.urls[0]! : '',
    ]
    const seconds = urls.map((url) => readTrackingUrl(url, signed)?.issuedAt)
    expect(new Set(seconds)).toEqual(new Set([seconds[0]]))
    expect(seconds).toHaveLength(4)
  })

  it('is now by itself', () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const { pixel } = instrumentEmail(html, signed)
    const issuedAt = pixel.kind === 'placed' ? readTrackingUrl(pixel.urls[0]!, signed)!.issuedAt! : Number.NaN
    expect(issuedAt).toBeGreaterThanOrEqual(before)
    expect(issuedAt).toBeLessThanOrEqual(Date.now())
  })
})

const storedAdvice = 'without signing keys, use 16 to 128 unguessable characters of A-Z, a-z, 0-9, "_", "-"'
const signedAdvice = 'use 1 to 128 bytes of well-formed UTF-8'
const unfit = (length: number): string => `a string of ${length} characters that does not fit`

const badForBoth: [what: string, messageRef: unknown, shown: string][] = [
  ['a number', 15551234567, 'a number'],
  ['null', null, 'null'],
  ['an object', { id: 'ada@example.com' }, 'an object'],
  ['an array', ['ada@example.com'], 'an array'],
  ['true', true, 'true'],
  ['a symbol', Symbol('ada'), 'a symbol'],
]

const badForStored: [what: string, messageRef: string][] = [
  ['empty', ''],
  ['15 characters', 'x'.repeat(15)],
  ['129 characters', 'x'.repeat(129)],
  ['an address', 'ada.lovelace@example.com'],
  ['a slash', 'V1StGXR8/Z5jdHi6B'],
  ['a dot', 'V1StGXR8.Z5jdHi6B'],
  ['a space', 'V1StGXR8 Z5jdHi6B'],
  ['a line break at its end', 'V1StGXR8_Z5jdHi6\n'],
  ['a letter that is not ASCII', 'V1StGXR8_Z5jdHié'],
  ['a lone surrogate', 'V1StGXR8_Z5jdHi6\ud800'],
]

const badForSigned: [what: string, messageRef: string][] = [
  ['empty', ''],
  ['129 characters', 'x'.repeat(129)],
  ['65 characters of 130 bytes', 'é'.repeat(65)],
  ['43 characters of 129 bytes', '中'.repeat(43)],
  ['66 code units of 132 bytes', '📬'.repeat(33)],
  ['a lone high surrogate', 'msg\ud800'],
  ['a lone low surrogate', '\udc00msg'],
  ['surrogates the wrong way round', 'msg\udc00\ud800'],
  ['a lone surrogate in a long one', `${'x'.repeat(100)}\ud800`],
  ['a very long one', 'x'.repeat(1_000_000)],
]

describe('a messageRef that does not fit is refused', () => {
  function expectRefused(domain: DomainConfig, messageRef: unknown, message: string): void {
    const options: InstrumentOptions = { messageRef: wrong(messageRef) }
    for (const call of [
      () => instrumentEmail(html, domain, options),
      () => prepareEmail(html, domain).instrument(options),
      () => instrumentEmail(html, { ...domain, openTracking: false, clickTracking: false }, options),
    ]) {
      expect(thrownBy(call)).toMatchObject({ code: 'invalid-message-ref', message: `messageRef is ${message}` })
    }
  }

  it.each(badForBoth)('%s', (_, messageRef, shown) => {
    expectRefused(signed, messageRef, `${shown}: use a string`)
    expectRefused(stored, messageRef, `${shown}: use a string`)
  })

  it.each(badForStored)('stored: %s', (_, messageRef) => {
    expectRefused(stored, messageRef, `${unfit(messageRef.length)}: ${storedAdvice}`)
  })

  it.each(badForSigned)('signed: %s', (_, messageRef) => {
    expectRefused(signed, messageRef, `${unfit(messageRef.length)}: ${signedAdvice}`)
  })

  it('without showing it', () => {
    const recipient = fc
      .tuple(
        fc.string({ unit: fc.constantFrom(...'qjxz'), minLength: 6, maxLength: 40 }),
        fc.constantFrom('@qjx.example', ' Müller', '+49 170'),
      )
      .map(([name, rest]) => name + rest)
    fc.assert(
      fc.property(recipient, (text) => {
        const values = [text, `${text}\ud800`, text.repeat(30), [text], { email: text }]
        for (const value of values) {
          for (const domain of [signed, stored]) {
            const error = thrownBy(() => instrumentEmail(html, domain, { messageRef: wrong(value) }))
            if (error !== undefined) expect(`${(error as Error).message}`).not.toContain(text.slice(0, 6))
          }
        }
        const error = thrownBy(() => instrumentEmail(html, signed, wrong(text))) as Error
        expect(error.message).not.toContain(text.slice(0, 6))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a messageRef that fits is kept', () => {
  it.each([
    ['stored, 16', stored, 'V1StGXR8_Z5jdHi-'],
    ['stored, 128', stored, 'x'.repeat(128)],
    ['signed, one character', signed, '0'],
    ['signed, 128', signed, 'x'.repeat(128)],
    ['signed, 32 characters of 128 bytes', signed, '📬'.repeat(32)],
    ['signed, a space', signed, ' '],
    ['signed, NUL', signed, '\0'],
    ['signed, what is no path', signed, '../../?#"<>'],
  ])('%s', (_, domain, messageRef) => {
    expect(instrumentEmail(html, domain, { messageRef }).messageRef).toBe(messageRef)
    const { pixel } = instrumentEmail(html, domain, { messageRef })
    if (pixel.kind === 'placed') expect(readTrackingUrl(pixel.urls[0]!, domain)).toMatchObject({ messageRef })
  })

  it('and one that is missing is new each time', () => {
    for (const domain of [signed, stored]) {
      const prepared = prepareEmail(html, domain)
      const refs = [
        instrumentEmail(html, domain).messageRef,
        instrumentEmail(html, domain, { messageRef: wrong(undefined) }).messageRef,
        prepared.instrument().messageRef,
        prepared.instrument({}).messageRef,
        prepared.instrument({ messageRef: wrong(undefined) }).messageRef,
      ]
      expect(new Set(refs).size).toBe(refs.length)
      for (const ref of refs) expect(ref).toMatch(/^[A-Za-z0-9_-]{22}$/)
    }
  })
})

describe('right options are accepted', () => {
  it.each([
    ['none', {}],
    [
      'every one undefined',
      {
        openTracking: undefined,
        clickTracking: undefined,
        pixelPlacement: undefined,
        skipLink: undefined,
        maxUrlLength: undefined,
        now: undefined,
        messageRef: undefined,
      },
    ],
    ['a length of 256', { maxUrlLength: 256 }],
    ['a length of 8192', { maxUrlLength: 8192 }],
    ['switches that are on', { openTracking: true, clickTracking: true }],
    ['start', { pixelPlacement: 'start' }],
    ['without prototype', Object.create(null)],
  ])('%s', (_, options) => {
    const { links, pixel } = instrumentEmail(html, signed, wrong(options))
    expect([links[0]?.kind, pixel.kind]).toEqual(['tracked', 'placed'])
  })

  it('and left as they were', () => {
    const options: InstrumentOptions = Object.freeze({ messageRef: 'msg', maxUrlLength: 300 })
    instrumentEmail(html, signed, options)
    expect(options).toEqual({ messageRef: 'msg', maxUrlLength: 300 })
  })

  it('maxUrlLength is the longest URL that is written', () => {
    const lengthOf = (length: number): number => {
      const [link] = instrumentEmail(`<a href="https://shop.example/${'x'.repeat(length)}">x</a>`, signed, {
        messageRef: 'msg',
        maxUrlLength: 256,
      }).links
      return link?.kind === 'tracked' ? link.url.length : 0
    }
    const lengths = Array.from({ length: 200 }, (_, length) => lengthOf(length))
    expect(Math.max(...lengths)).toBe(256)
  })
})

describe('calls that TypeScript would have refused', () => {
  const values: [value: unknown, shown: string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
    [true, 'true'],
    [new DataView(new ArrayBuffer(8)), 'an object'],
    [new Uint16Array(8), 'an object'],
    [new Uint8ClampedArray(8), 'an object'],
    [{ [Symbol.toStringTag]: 'Uint8Array' }, 'an object'],
    [[html], 'an array'],
    [{ html }, 'an object'],
    [() => html, 'a function'],
    [Symbol('html'), 'a symbol'],
  ]
  it.each(values)('html is %s', (value, shown) => {
    for (const call of [instrumentEmail, prepareEmail]) {
      for (const [, domain] of domains) {
        const error = thrownBy(() => call(wrong(value), domain))
        expect(error).toBeInstanceOf(TypeError)
        expect(error).toMatchObject({ message: `html is ${shown}: pass the email's HTML as a string or a Uint8Array` })
      }
    }
  })

  it.each([...values, [new URL('https://links.example.com/c/x'), 'an object'] as const])(
    'url is %s',
    (value, shown) => {
      const error = thrownBy(() => readTrackingUrl(wrong(value), signed))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ message: `url is ${shown}: pass the URL as a string` })
    },
  )
})
