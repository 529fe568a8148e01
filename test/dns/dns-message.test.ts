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
    fc.assert(
      fc.property(name, fc.array(record, { maxLength: 8 }), (asked, answers) => {
        const packet = new Packet()
        Object.assign(packet.header, { qr: 1 })
        packet.questions.push(new Packet.Question(asked, Packet.TYPE.CNAME, Packet.CLASS.IN))
        for (const answer of answers) packet.answers.push({ class: 1, ttl: 60, ...answer } as never)
        const read = decodeAnswer(Uint8Array.from(packet.toBuffer()))
        expect(read).toEqual(
          answers.map((answer) => ({
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

describe('what comes from outside', () => {
  it('is read or refused, and always comes to an end', () => {
    const header = bytes('0000 8180 0001 0002 0000 0000')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, hasHeader) => {
        try {
          decodeAnswer(hasHeader ? Uint8Array.from([...header, ...noise]) : noise)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
      { numRuns: 2000 },
    )
  })

  const question = '01 61 00 0005 0001' // a. CNAME IN
  const answer = (data: string): string => `c00c 0005 0001 0000003c ${data}`
  test.each([
    ['a query', '0000 0100 0000 0000 0000 0000', 'no DNS response'],
    ['a truncated answer', '0000 8380 0000 0000 0000 0000', 'truncated DNS response'],
    ['SERVFAIL', '0000 8182 0000 0000 0000 0000', 'SERVFAIL'],
    ['REFUSED', '0000 8185 0000 0000 0000 0000', 'REFUSED'],
    ['NOTIMP', '0000 8184 0000 0000 0000 0000', 'DNS error 4'],
    ['a pointer to itself', `0000 8180 0001 0001 0000 0000 ${question} ${answer('0002 c01f')}`, 'malformed DNS name'],
    ['a pointer forwards', `0000 8180 0001 0001 0000 0000 ${question} ${answer('0002 c0ff')}`, 'malformed DNS name'],
    [
      'a pointer to an earlier one that leads to itself', // in the data of an address, where no name is read
      `0000 8180 0001 0002 0000 0000 ${question} c00c 0001 0001 0000003c 0004 c01f0000 ${answer('0002 c01f')}`,
      'malformed DNS name',
    ],
    [
      'a label of a reserved kind',
      `0000 8180 0001 0001 0000 0000 ${question} ${answer('0002 8061')}`,
      'malformed DNS name',
    ],
    ['a record that is cut', `0000 8180 0001 0001 0000 0000 ${question} ${answer('0005 0162')}`, 'cut DNS response'],
    ['a CAA without tag length', '0000 8180 0000 0001 0000 0000 00 0101 0001 00000000 0001 00', 'malformed CAA'],
    [
      'a CAA with a tag that is cut',
      '0000 8180 0000 0001 0000 0000 00 0101 0001 00000000 0003 000561',
      'malformed CAA',
    ],
  ])('refuses %s', (_, hex, message) => {
    expect(() => decodeAnswer(bytes(hex))).toThrow(message)
  })

  it('escapes a dot inside a label, so that no label passes for two', () => {
    const hex = `0000 8180 0001 0001 0000 0000 ${question} ${answer('0005 03 622e63 00')}`
    expect(decodeAnswer(bytes(hex))).toMatchObject([{ text: 'b\\.c' }])
  })

  it('reads NXDOMAIN as no records', () => {
    expect(decodeAnswer(bytes('0000 8183 0000 0000 0000 0000'))).toEqual([])
  })
})
