import { describe, expect, it } from 'vitest'
import { linkIn } from './outcome-of.ts'

describe("a link's name", () => {
  it.each([
    ['none', '', null],
    ['ours', 'data-link-name="shop"', 'shop'],
    ["SparkPost's", 'data-msys-linkname="shop"', 'shop'],
    ['ours before theirs', 'data-msys-linkname="theirs" data-link-name="ours"', 'ours'],
    ['the first of two', 'data-link-name="one" data-link-name="two"', 'one'],
    ['in any case and quoting', 'DATA-Link-Name=Shop', 'Shop'],
    ['with character references', 'data-link-name="a &amp; b"', 'a & b'],
    ['empty', 'data-link-name=""', ''],
    ['not of another attribute', 'name="anchor" data-name="x"', null],
  ])('%s', (_, attributes, name) => {
    const tracked = linkIn(`<body>x<a ${attributes} href="https://example.org/">x</a>`)
    expect(tracked).toMatchObject({ kind: 'tracked', name })
    const skipped = linkIn(`<body>x<a href="#top" ${attributes}>x</a>`)
    expect(skipped).toMatchObject({ kind: 'skipped', name })
    const asked: (string | null)[] = []
    linkIn(`<a href="https://example.org/" ${attributes}>x</a>`, {
      skipLink: ({ name }) => asked.push(name) === 0,
    })
    expect(asked).toEqual([name])
  })
})
