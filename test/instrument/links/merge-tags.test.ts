import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../../src/index.ts'
import { mergeTags as table } from '../../../src/instrument/links/merge-tags.ts'
import { mergeTagsInDocuments } from '../../kit/documents.ts'
import { fixed, signedDomain } from '../../kit/domains.ts'
import { anchor, outcomeOf } from './outcome-of.ts'

const url = 'https://example.org/'

const mergeTags: readonly [form: string, href: string][] = [
  ['{{ }}', '{{url}}'],
  ['{{ }}', `${url}?u={{ user.id | urlencode }}`],
  ['{{ }}', `${url}{{#if a}}b{{/if}}`],
  ['{{ }}', `${url}{{{raw}}}`],
  ['{{ }}', `${url}{{"quoted"}}`],
  ['{{ }}', `${url}{{}}`],
  ['{% %}', `{% if a %}${url}{% endif %}`],
  ['{% %}', `${url}{%unsubscribe%}`],
  ['*| |*', '*|UNSUB|*'],
  ['*| |*', `${url}?e=*|EMAIL|*&f=1`],
  ['%% %%', `${url}?id=%%subscriberkey%%`],
  ['%% %%', `${url}%%=v(@x)=%%`],
  ['<% %>', `${url}<%= path %>`],
  ['dollar and braces', `\${url}`],
  ['dollar and braces', `${url}\${a.b()}`],
  ['[[ ]]', `${url}[[NAME]]`],
  ['[[ ]]', '[[ unsubscribe link ]]'],
  ['{word}', '{unsubscribe}'],
  ['{word}', `${url}{webversion}`],
  ['{word}', `${url}?u={contactfield=email}`],
  ['{word}', `${url}?u={contactfield=email|x}`],
  ['{word}', `${url}{a}`],
  ['{word}', `${url}{first_name.short-2}`],
  ['##word##', `${url}##TRACK##`],
  ['##word##', '##unsubscribe_url##'],
  ['%word%', '%unsubscribe_url%'],
  ['%word%', `${url}%name%`],
  ['%word%: one hex digit is no escape', `${url}%first_name%`],
  ['%word%: one hex digit is no escape', `${url}%a_b%`],
  ['%word% after an escape', `${url}%20%name%`],
  ['[word]', '[unsubscribe]'],
  ['[word]', `${url}[webversion]`],
  ['[word]', `${url}?u=[email]&x=1`],
  ['[word]: the end of the URL follows', `${url}?filter[name]`],
  ['[word]: digits later', `${url}[field1]`],
  ['[word:word]', `${url}[subscriber:email]`],
  ['[word:word]', `${url}?u=[subscriber:custom-2]`],
  ['[Two Words]', `${url}?u=[First Name]`],
  ['[Two Words]', '[Unsubscribe From This List]'],
  ['[word]', `${url}[a]`],
  ['[word:word]', `${url}?e=[n:email]`],
  ['[word:word]', `${url}?e=[subscriber:custom.a]`],
  ['<< >>', `${url}?e=<<Email Address>>`],
  ['@@word@@', `${url}?e=@@email@@`],
  ['{!word}', `${url}?n={!Contact.FirstName}`],
  ['{$word}', `${url}?u={$unsubscribe}`],
  ['##word##', `${url}##first-name##`],
  ['#word#', `${url}?e=#email#`],
  ['#word#', `${url}#EMAIL#`],
  ['#word#', `${url}#a#b`],
  ['%word%: upper case', `${url}?n=%NAME%`],
  ['%word%: the second sign starts no escape', `${url}?a=%address%`],
  ['%word%: the second sign starts no escape', `${url}?d=%date%&e=1`],
  ['%word%: the second sign starts no escape', `${url}%fade%/x`],
  ['%word%: the first sign starts no escape', `${url}?n=%name%20x`],
  ['percent-encoded', `${url}?u=%7B%7Bname%7D%7D`],
  ['percent-encoded', `${url}?u=%7b%7bname%7d%7d`],
  ['percent-encoded', `${url}?e=*%7CEMAIL%7C*`],
  ['percent-encoded', `${url}?e=%2A%7CEMAIL%7C%2A`],
  ['percent-encoded', `${url}%7Bname%7D`],
  ['percent-encoded', `${url}%7B%25name%25%7D`],
  ['in a fragment', `${url}#{{anchor}}`],
  ['in a host', 'https://{{host}}/'],
  ['in a port', 'https://example.org:{port}/'],
]

const nearMisses: readonly [why: string, href: string][] = [
  ['{{ alone', `${url}{{`],
  ['}} alone', `${url}a}}`],
  ['}} before {{', `${url}}}{{`],
  ['{{ and a single }', `${url}{{"a"}`],
  ['{% alone', `${url}{%x`],
  ['*| alone', `${url}*|x`],
  ['|* before *|', `${url}|*x*|`],
  ['%% alone', `${url}%%`],
  ['%%% is no pair', `${url}%%%`],
  ['<% alone', `${url}<%x`],
  ['$ alone', `${url}$x`],
  ['${ alone', `${url}\${x`],
  ['a price', `${url}?price=$5`],
  ['[[ alone', `${url}[[`],
  ['{ alone', `${url}{a`],
  ['{} is empty', `${url}{}`],
  ['a digit first', `${url}{1a}`],
  ['a GUID that begins with a digit', `${url}{3f2504e0-4f89-11d3-9a0c-0305e82c3301}`],
  ['a GUID that begins with a letter', `${url}?sourcedoc={B3F0A1C2-4f89-11d3-9a0c-0305e82c3301}`],
  ['a percent-encoded GUID', `${url}?sourcedoc=%7BB3F0A1C2-4f89-11d3-9a0c-0305e82c3301%7D`],
  ['a percent sign that is encoded', `${url}?q=100%25off%25`],
  ['percent-encoded JSON', `${url}?q=%7B%22a%22%3A1%7D`],
  ['<< alone', `${url}<<a`],
  ['@@: no word', `${url}@@@@`],
  ['@ once', `${url}@name@`],
  ['JSON', `${url}?q={"a":1}`],
  ['a list', `${url}{a,b}`],
  ['##: no word', `${url}##`],
  ['####: no word', `${url}####`],
  ['## once', `${url}##a`],
  ['# between a word and none', `${url}#a#`.slice(0, -1)],
  ['#: a digit first', `${url}#1a#`],
  ['## with a space', `${url}##a b##`],
  ['a fragment that ends in a word', `${url}\u00fc#undefined`],
  ['escapes on both sides of a word', `${url}%20name%20`],
  ['the first % starts an escape: %20name%', `${url}?q=%20name%`],
  ['a digit first', `${url}%1x%`],
  ['% once', `${url}?discount=50%off`],
  ['% with a space', `${url}?q=50% off% now`],
  ['[0]: a digit first', `${url}[0]`],
  ['f[0]=', `${url}?f[0]=themes:2&f[1]=x`],
  ['f[]=', `${url}?f[]=1`],
  ['f[name]=', `${url}?filter[name]=x`],
  ['f[a][b]=', `${url}?f[a][b]=x`],
  ['f[a:b]=', `${url}?f[a:b]=x`],
  ['an escaped bracket', `${url}?f%5Bname%5D`],
  ['[a 1]: a digit first', `${url}[a 1]`],
  ['both signs start an escape', `${url}?q=%C3%A9`],
  ['[a:]: no second word', `${url}[a:]`],
  ['[a:b:c]', `${url}[a:b:c]`],
  ['an IPv6 host', 'https://[2001:db8::1]/'],
  ['an IPv6 host that begins with a letter', 'https://[fe80::1]/'],
  ['an IPv6 host that is one word and another', 'https://[a:b::c:d]/'],
]

describe('an unresolved merge tag is left as it is', () => {
  it.each(mergeTags)('%s: %s', (_, href) => {
    expect(outcomeOf(href)).toBe('merge-tag')
    const html = anchor(href)
    expect(instrumentEmail(html, signedDomain, { ...fixed, openTracking: false }).html).toBe(html)
  })

  it.each(table)('in the form that the guide tells, and in the random documents: $example', ({ example }) => {
    expect(outcomeOf(`${url}${example}`)).toBe('merge-tag')
    expect(mergeTagsInDocuments).toContain(example)
  })

  it.each([
    ['as character references', '<a href="&#123;&lbrace;url&#x7d;}">'],
    ['over two lines', '<a href="{{ user\n.id }}">'],
    ['over two lines', '<a href="%na\nme%">'],
    ['in an area', '<area href="{{url}}">'],
  ])('%s', (_, html) => {
    const [link] = instrumentEmail(html, signedDomain, fixed).links
    expect(link).toMatchObject({ kind: 'skipped', reason: 'merge-tag' })
  })
})

describe('what only looks like a merge tag is tracked', () => {
  it.each(nearMisses)('%s: %s', (_, href) => {
    expect(outcomeOf(href)).toBe('tracked')
  })

  it.each(['https://[abcd]/', 'https://[a:b]/'])('%s is a bad host', (href) => {
    expect(outcomeOf(href)).toBe('invalid-url')
  })
})
