import { describe, expect, it } from 'vitest'
import { hostText, parseHost } from '../../src/config/host.ts'
import { refusesBadPunycode } from '../kit/platform.ts'

describe('a host is read', () => {
  it.each([
    ['links.example.com', 'name', 'links.example.com', null],
    ['Links.EXAMPLE.com.', 'name', 'links.example.com', null],
    ['links.example.com:443', 'name', 'links.example.com', null],
    ['links.example.com:8443', 'name', 'links.example.com', 8443],
    ['links.example.com.:8443', 'name', 'links.example.com', 8443],
    ['localhost:8080', 'name', 'localhost', 8080],
    ['127.0.0.1:8080', 'ipv4', '127.0.0.1', 8080],
    ['127.0.0.1', 'ipv4', '127.0.0.1', null],
    ['my_links.example.com', 'name', 'my_links.example.com', null],
    ['Klick.Bücher.example', 'name', 'klick.xn--bcher-kva.example', null],
    ['links｡example｡com', 'name', 'links.example.com', null],
    [`${'a.'.repeat(125)}com`, 'name', `${'a.'.repeat(125)}com`, null],
    [`${'a'.repeat(63)}.com`, 'name', `${'a'.repeat(63)}.com`, null],
  ] as const)('%s', (text, kind, name, port) => {
    expect(parseHost(text)).toEqual({ kind, name, port, text: port === null ? name : `${name}:${port}` })
  })

  it.each([
    ['links.example.com:80', 'http', 'links.example.com'],
    ['links.example.com:443', 'http', 'links.example.com:443'],
    ['links.example.com:80', 'https', 'links.example.com:80'],
  ] as const)('%s under %s', (text, scheme, expected) => expect(hostText(text, scheme)).toBe(expected))
})

describe('a flaw is named', () => {
  it.each([
    ['', 'is no host name'],
    ['.', 'is no host name'],
    ['https://links.example.com', 'has a scheme'],
    ['links.example.com/t', 'has a path'],
    ['links.example.com/', 'has a path'],
    ['links\\example.com', 'has a path'],
    ['links.example.com?a', 'has a path'],
    ['links.example.com#a', 'has a path'],
    ['user@links.example.com', 'has a user name'],
    ['links example.com', 'has white space'],
    ['links.example.com\n', 'has white space'],
    ['links.example.com\0', 'has a control character'],
    ['links.example.com\x1b', 'has a control character'],
    ['links.example.com\x7f', 'has a control character'],
    ['links.example.com:', 'has a port'],
    ['links.example.com:x', 'has a port'],
    ['links.example.com:65536', 'is no host name'],
    ['[::1]', 'is an IP address'],
    ['2001:db8::1', 'is an IP address'],
    ['l%69nks.example.com', 'is no host name'],
    ['links..example.com', 'is no host name'],
    ['*.example.com', 'is no host name'],
    ["a'.example.com", 'is no host name'],
    ['{{host}}', 'is no host name'],
    ['2130706433', 'is no host name'],
    ['0x7f000001', 'is no host name'],
    ['127.1', 'is no host name'],
    ['-links.example.com', 'has the label "-links", which is none of a host name'],
    ['links-.example.com', 'has the label "links-", which is none of a host name'],
    // Of these, URL says nothing but that they are none.
    ['xn--a.-links.example.com', 'has the label "-links", which is none of a host name'],
    ['XN--A.-LINKS.example.com.:8080', 'has the label "-links", which is none of a host name'],
    ['xn--a.example.com-.', 'has the label "com-", which is none of a host name'],
    ['xn--a.example.com-:8080', 'has the label "com-", which is none of a host name'],
    [`-${'a'.repeat(62)}.example.com`, `has the label "-${'a'.repeat(62)}", which is none of a host name`],
    [`${'a'.repeat(64)}.example.com`, 'has a label of more than 63 octets'],
    [`${'a.'.repeat(125)}info`, 'is longer than 253 characters'],
    ['a'.repeat(1024), 'is longer than 253 characters'],
    ['a'.repeat(1025), 'is longer than 1024 characters'],
  ])('%s', (text, flaw) => {
    expect(parseHost(text)).toEqual({ kind: 'flawed', flaw })
    expect(hostText(text)).toBe(null)
  })

  it.runIf(refusesBadPunycode)('a label that is no punycode, where the platform says so', () => {
    expect(parseHost('xn--a.example.com')).toEqual({ kind: 'flawed', flaw: 'is no host name' })
  })
})
