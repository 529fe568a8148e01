import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { formatNumber, modesText, pixelText } from '../../src/inspection/outcome-text.ts'
import { storedDomain as domain } from '../kit/domains.ts'

const mails: [html: string, where: string][] = [
  ['<body>x</body>', 'on line 1'],
  ['<body>\n<p class="a">x</p></body>', 'on line 1, before <p>'],
  ['<!doctype html>\n<BODY>\t<BR/>', 'on line 2, before <BR>'],
  ['<body></body>', 'on line 1, before </body>'],
  ['<body><o:p>x</o:p>', 'on line 1, before <o:p>'],
  ['<body><!-- x -->', 'on line 1'],
  ['<body><3', 'on line 1'],
  ['<body><b', 'on line 1'],
  ['<body><b\u001b[2J>x', 'on line 1'],
  [`<body><b${'b'.repeat(50)}>x`, 'on line 1'],
]

describe('where the pixel is', () => {
  it.each(mails)('%j: %s', (html, where) => {
    expect(pixelText(instrumentEmail(html, domain, { pixelPlacement: 'start' }))).toBe(where)
  })
})

it('of two pixels is told in turn', () => {
  expect(pixelText(instrumentEmail('<body>\n<p>x</p>\n</body>', domain, { pixelPlacement: 'both' }))).toBe(
    'on line 1, before <p>, and on line 3, before </body>',
  )
})

const modes = [
  ['full', 'full', 'opens and clicks'],
  ['anonymous', 'anonymous', 'opens and clicks (anonymous)'],
  ['day', 'full', 'opens (day) and clicks'],
  ['full', 'identified', 'opens and clicks (identified)'],
  ['day', 'anonymous', 'opens (day) and clicks (anonymous)'],
  ['full', false, 'opens only'],
  ['day', false, 'opens only (day)'],
  [false, 'full', 'clicks only'],
  [false, 'anonymous', 'clicks only (anonymous)'],
] as const

describe('what is tracked', () => {
  it.each(modes)('opens %s, clicks %s: %s', (open, click, text) => {
    expect(modesText({ active: true, host: 'links.example.com', open, click })).toBe(text)
  })
})

it('numbers are grouped', () => {
  expect(formatNumber(1234567)).toBe('1,234,567')
})
