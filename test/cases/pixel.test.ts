// Where others put the open pixel, and how it looked.

import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'
import { templateOf } from './outcomes.ts'

const placed: readonly [name: string, becomes: string, pixelPlacement?: 'start'][] = [
  ['#49 dada-mail#289: <body> without </body>', '<html><body><p>x</p>{pixel}'],
  ['#49 dada-mail#289: no body tag at all', '<p>x</p>{pixel}'],
  ['#50 Postal (code): two </body> of a forwarded mail', '<body>x<body>y</body></html>{pixel}</body>'],
  ['#50 Postal (code): </BODY>', '<BODY>x{pixel}</BODY></HTML>'],
  ['#50 Postal (code): </body> in a comment', '<body>x{pixel}</body><!-- </body> -->'],
  ['#50 Postal (code): </body> in CSS', '<body>{pixel}</body><style>/* </body> */</style>'],
  ['#50 Postal (code): </body> in an attribute', '<body>{pixel}</body><p title="</body>">'],
  ['#52 Mailgun, SES, the clip of Gmail at 102 KB: at the top', `<body>{pixel}${'x'.repeat(200)}</body>`, 'start'],
]

describe('the pixel', () => {
  it.each(placed)('%s', (_, becomes, pixelPlacement: 'end' | 'start' = 'end') => {
    const html = becomes.replace('{pixel}', '')
    const result = instrumentEmail(html, signedDomain, { ...fixed, pixelPlacement })
    expect(templateOf(result)).toBe(becomes)
    checkFidelity(html, { exactTree: true, pixelPlacement })
  })

  it('#51 mautic#2193, mautic#2316: is loaded by Gmail, as it is not hidden', () => {
    const { html, pixel } = instrumentEmail('<p>x</p>', signedDomain, fixed)
    const tag = html.slice('<p>x</p>'.length)
    expect(pixel.kind === 'placed' && tag.replace(pixel.urls[0]!, 'URL')).toBe(
      '<img src="URL" width="1" height="1" alt="" style="position:absolute!important;margin:-1px 0 0 -1px!important;border:0!important;padding:0!important;width:1px!important;height:1px!important;min-width:1px!important;min-height:1px!important">',
    )
    expect(tag).not.toMatch(/display|visibility|opacity|height:0|width:0/)
  })

  it('#53 nodemailer-mail-tracking: is a GIF by its name, which proxies take', () => {
    const { pixel } = instrumentEmail('<p>x</p>', signedDomain, fixed)
    expect(pixel.kind === 'placed' && pixel.urls[0]!).toMatch(/^https:\/\/links\.example\.com\/o\/[A-Za-z0-9_-]+\.gif$/)
  })

  it('#63 JS `replace`: stands beside $& as it is', () => {
    const result = instrumentEmail("<body>$&$1$$$`$'</body>$&", signedDomain, fixed)
    expect(templateOf(result)).toBe("<body>$&$1$$$`$'{pixel}</body>$&")
  })
})
