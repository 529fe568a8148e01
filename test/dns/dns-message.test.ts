import DNS from 'dns2'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { decodeAnswer, encodeQuery, recordType } from '../../src/dns/dns-message.ts'

const { Packet } = DNS
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/)
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'))

// dns2 is the judge: another implementation of the same messages.
describe('against dns2', () => {
  it('asks what dns2 reads', () => {
    fc.assert(
      fc.property(name, fc.constantFrom(...Object.values(recordType)), (asked, type) => {
        const { questions } = Packet.parse(Buffer.from(encodeQuery(asked, type)))
        expect(questions).toMatchObject([{ name: asked, type, class: 1 }])
      }),
    )
  })

  it('reads what dns2 writes, with compressed names', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const record = fc.oneof(
      fc.record({ name, type: fc.constant(recordType.CNAME), domain: name }),
      fc.record({ name, type: fc.constant(recordType.A), address: fc.ipV4() }),
      fc.record({
        name,
        type: fc.constant(recordType.CAA),
        flags: byte,
        tag: fc.constantFrom('issue', 'iodef', 'x'),
        value: fc.stringMatching(/^[ -~]{0,40}$/),
      }),
      fc.record({ name, type: fc.constant(Packet.TYPE.TXT), data: fc.constant('text') }),
    )
    const type = fc.constantFrom(recordType.CNAME, recordType.A, recordType.CAA)
    fc.assert(
      fc.property(name, type, fc.array(record, { maxLength: 8 }), (asked, type, answers) => {
        const packet = new Packet()
        Object.assign(packet.header, { qr: 1 })
        packet.questions.push(new Packet.Question(asked, type, Packet.CLASS.IN))
        for (const answer of answers) packet.answers.push({ class: 1, ttl: 60, ...answer } as never)
        const read = decodeAnswer(Uint8Array.from(packet.toBuffer()), asked, type)
        expect(read).toEqual(
          answers
            .filter((answer) => answer.type === type)
            .map((answer) => ({
              name: answer.name,
              type: answer.type,
              text: 'domain' in answer ? answer.domain : 'address' in answer ? answer.address : null,
              caa: 'tag' in answer ? { flags: answer.flags, tag: answer.tag, value: answer.value } : null,
            })),
        )
      }),
    )
  })
})

/** Of an answer to `CNAME a`. */
const header = (counts: string, flags = '8180'): string => `0000 ${flags} ${counts} 0000 0000`
const question = '01 61 00 0005 0001'
const answerOf = (type: string, data: string, owner = 'c00c', recordClass = '0001'): string =>
  `${owner} ${type} ${recordClass} 0000003c ${(data.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')} ${data}`
const one = (answer: string): string => `${header('0001 0001')} ${question} ${answer}`
const decode = (hex: string, type: number = recordType.CNAME): ReturnType<typeof decodeAnswer> =>
  decodeAnswer(bytes(hex), 'a', type)

describe('what comes from outside', () => {
  it('is read or refused, and always comes to an end', () => {
    const header = bytes('0000 8180 0001 0002 0000 0000 01 61 00 0005 0001')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, hasHeader) => {
        try {
          decodeAnswer(hasHeader ? Uint8Array.from([...header, ...noise]) : noise, 'a', recordType.CNAME)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['less than a header', '0000 8180 0001 0000 0000 00', 'no DNS response'],
    ['a query', header('0000 0000', '0100'), 'no DNS response'],
    ['an answer to a status request', header('0000 0000', '9180'), 'no DNS response'],
    ['a truncated answer', header('0000 0000', '8380'), 'truncated DNS response'],
    ['SERVFAIL', header('0000 0000', '8182'), 'SERVFAIL'],
    ['REFUSED', header('0000 0000', '8185'), 'REFUSED'],
    ['NOTIMP', header('0000 0000', '8184'), 'DNS error 4'],
    ['another id', `0001 8180 0001 0000 0000 0000 ${question}`, 'a DNS response to another query'],
    ['another name', `${header('0001 0000')} 01 62 00 0005 0001`, 'a DNS response to another query'],
    ['another type', `${header('0001 0000')} 01 61 00 0001 0001`, 'a DNS response to another query'],
    ['another class', `${header('0001 0000')} 01 61 00 0005 0003`, 'a DNS response to another query'],
    ['no question', header('0000 0000'), 'a DNS response to another query'],
    ['two questions', `${header('0002 0000')} ${question} ${question}`, 'a DNS response to another query'],
    [
      'NXDOMAIN of another name',
      `${header('0001 0000', '8183')} 01 62 00 0005 0001`,
      'a DNS response to another query',
    ],
    ['a record of another class', one(answerOf('0005', '01 62 00', 'c00c', '0003')), 'a DNS record of another class'],
    ['a pointer to itself', one(answerOf('0005', 'c01f')), 'malformed DNS name'],
    ['a pointer forwards', one(answerOf('0005', 'c0ff')), 'malformed DNS name'],
    [
      'a pointer to an earlier one that leads to itself', // in the data of an address, where no name is read
      `${header('0001 0002')} ${question} ${answerOf('0001', 'c01f0000')} ${answerOf('0005', 'c01f')}`,
      'malformed DNS name',
    ],
    ['a label of a reserved kind', one(answerOf('0005', '8061')), 'malformed DNS name'],
    ['a label of 64 octets', one(answerOf('0005', `40 ${'61'.repeat(64)} 00`)), 'malformed DNS name'],
    ['a name of 257 octets', one(answerOf('0005', `${`3f${'61'.repeat(63)}`.repeat(4)} 00`)), 'malformed DNS name'],
    [
      'a record that is cut',
      `${header('0001 0001')} ${question} c00c 0005 0001 0000003c 0005 0162`,
      'cut DNS response',
    ],
    ['a label that is cut', `${header('0001 0000')} 3f 61`, 'cut DNS response'],
    ['a name before the end of its record', one(answerOf('0005', '01 62 00 00')), 'malformed DNS name'],
    [
      'a name past the end of its record',
      `${header('0001 0002')} ${question} c00c 0005 0001 0000003c 0001 01 62 00`,
      'malformed DNS name',
    ],
    ['a CAA without tag length', one(answerOf('0101', '00')), 'malformed CAA'],
    ['a CAA with a tag that is cut', one(answerOf('0101', '000561')), 'malformed CAA'],
  ])('refuses %s', (_, hex, message) => {
    expect(() => decode(hex)).toThrow(message)
  })

  test.each([
    ['a dot inside a label', '03 622e63 00', 'b\\.c'],
    ['a backslash', '03 625c63 00', 'b\\\\c'],
    ['a line break', '03 620a63 00', 'b\\010c'],
    ['a space', '01 20 00', '\\032'],
    ['an escape', '01 1b 00', '\\027'],
    ['DEL', '01 7f 00', '\\127'],
    ['a C1 control', '01 9b 00', '\\155'],
    ['UTF-8', '02 c2b2 00', '\\194\\178'],
    ['the first and last visible one', '02 217e 00', '!~'],
  ])('escapes %s, so that no name passes for another', (_, data, text) => {
    expect(decode(one(answerOf('0005', data)))).toEqual([{ name: 'a', type: 5, text, caa: null }])
  })

  it('takes names of 255 octets, labels of 63, and the root', () => {
    const label = '61'.repeat(63)
    const long = `3f${label} 3f${label} 3f${label} 3d${'61'.repeat(61)}`
    expect(decode(one(answerOf('0005', `${long} 00`)))[0]!.text).toHaveLength(253)
    expect(decode(one(answerOf('0005', '00')))[0]!.text).toBe('')
  })

  it('takes a question and an owner in other case, as servers that draw lots for the case send them', () => {
    const hex = `${header('0001 0001')} 01 41 00 0005 0001 ${answerOf('0005', '01 62 00')}`
    expect(decode(hex)).toMatchObject([{ name: 'A', text: 'b' }])
    expect(decodeAnswer(bytes(hex), 'A', recordType.CNAME)).toHaveLength(1)
  })

  it('reads an address of an odd length as none', () => {
    const of = (type: number, data: string): unknown =>
      decode(
        `${header('0001 0001')} 01 61 00 ${type.toString(16).padStart(4, '0')} 0001 ${answerOf(type.toString(16).padStart(4, '0'), data)}`,
        type,
      ).map(({ text }) => text)
    expect(of(recordType.A, 'c0000201')).toEqual(['192.0.2.1'])
    expect(of(recordType.A, 'c00002')).toEqual([null])
    expect(of(recordType.AAAA, `20010db8${'00'.repeat(12)}`)).toEqual(['2001:db8::'])
    expect(of(recordType.AAAA, '20010db8')).toEqual([null])
  })

  it('reads NXDOMAIN as no records', () => {
    expect(decode(`${header('0001 0000', '8183')} ${question}`)).toEqual([])
  })

  it('follows 126 pointers, and no ladder of them', () => {
    // In the data of a record that is no name: each pointer leads to the one before it, the first to the question's name.
    const ladder = (rungs: number): string => {
      const start = 12 + 7 + 12
      const pointers = ['c00c', ...Array.from({ length: rungs - 1 }, (_, i) => (0xc000 + start + 2 * i).toString(16))]
      const last = (0xc000 + start + 2 * (rungs - 1)).toString(16)
      return `${header('0001 0002')} ${question} ${answerOf('0010', pointers.join(''))} ${answerOf('0005', last)}`
    }
    expect(decode(ladder(125))).toMatchObject([{ text: 'a' }])
    expect(() => decode(ladder(126))).toThrow('malformed DNS name')
  })

  it('ends within a second on the worst message of 64 KB', () => {
    const rungs = 8000
    const start = 12 + 7 + 12
    const pointers = ['c00c', ...Array.from({ length: rungs - 1 }, (_, i) => (0xc000 + start + 2 * i).toString(16))]
    const last = (0xc000 + start + 2 * 124).toString(16)
    const records = Array.from({ length: 3500 }, () => answerOf('0005', last)).join(' ')
    const message = bytes(`${header('0001 0dad')} ${question} ${answerOf('0010', pointers.join(''))} ${records}`)
    expect(message.length).toBeLessThan(65_536)
    expect(decodeAnswer(message, 'a', recordType.CNAME)).toHaveLength(3500)
  })
})

describe('a query', () => {
  test.each(['a..example.com', '', `${'a'.repeat(64)}.example.com`])('for %j is refused', (asked) => {
    expect(() => encodeQuery(asked, 5)).toThrow('not a DNS name')
  })
})
