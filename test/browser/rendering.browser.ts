// An instrumented mail must look like the original, to the pixel, wherever the open pixel goes.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type InstrumentOptions, instrumentEmail } from '../../src/index.ts'
import { layouts } from './layouts.ts'
import { openStage } from './stage.ts'

const stage = await openStage()
const domain = stage.useDomain('links')
const newsletter = readFileSync(new URL('../demo/newsletter.html', import.meta.url), 'utf8')
const placements = ['end', 'start'] as const

/** In CSS pixels: a telephone, and a screen on which the newsletter has room beside it. */
const widths = [375, 1000]

interface Look {
  readonly width: number
  readonly scrollWidth: number
  readonly scrollHeight: number
  readonly png: Buffer
}

let page: Page
beforeAll(async () => {
  page = await stage.context.newPage()
})

/** @returns how it looks at each width, with everything in it loaded */
async function look(html: string): Promise<Look[]> {
  stage.show(html)
  const looks: Look[] = []
  await page.goto(stage.pageUrl)
  for (const width of widths) {
    await page.setViewportSize({ width, height: 500 })
    const { scrollWidth, scrollHeight } = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return { scrollWidth, scrollHeight }
    })
    looks.push({ width, scrollWidth, scrollHeight, png: await page.screenshot({ fullPage: true }) })
  }
  return looks
}

/** What differs, in words; the screenshots go where the words say. */
function compareLooks(before: readonly Look[], after: readonly Look[]): string[] {
  return before.flatMap(({ png, ...size }, i) => {
    const { png: otherPng, ...otherSize } = after[i]!
    const differences: string[] = []
    if (JSON.stringify(size) !== JSON.stringify(otherSize)) {
      differences.push(`${JSON.stringify(size)} became ${JSON.stringify(otherSize)}`)
    }
    if (!png.equals(otherPng)) {
      const folder = mkdtempSync(join(tmpdir(), 'mailtrace-looks-'))
      writeFileSync(join(folder, 'before.png'), png)
      writeFileSync(join(folder, 'after.png'), otherPng)
      differences.push(`at ${size.width} the pictures differ: see ${folder}`)
    }
    return differences
  })
}

function instrument(html: string, pixelPlacement: NonNullable<InstrumentOptions['pixelPlacement']>): string {
  const { html: instrumented, pixel } = instrumentEmail(html, domain, { pixelPlacement })
  expect(pixel.kind).toBe('placed')
  return instrumented
}

const originals = new Map<string, Promise<Look[]>>()
function lookAtOriginal(html: string): Promise<Look[]> {
  const known = originals.get(html) ?? look(html)
  originals.set(html, known)
  return known
}

describe.each(Object.entries({ 'the newsletter': newsletter, ...layouts }))('%s', (_name, html) => {
  it.each(placements)('looks the same with the pixel at its %s', async (placement) => {
    const before = await lookAtOriginal(html)
    stage.takeEvents()
    const after = await look(instrument(html, placement))
    // The pixel was there to be seen.
    expect(stage.takeEvents()).toMatchObject([{ type: 'open' }])
    expect(compareLooks(before, after)).toEqual([])
  })
})

describe('the newsletter', () => {
  it.each(placements)('looks the same where the pixel at its %s cannot be loaded', async (placement) => {
    const before = await lookAtOriginal(newsletter)
    await page.route(/\/o\//, (route) => route.abort())
    const after = await look(instrument(newsletter, placement))
    await page.unroute(/\/o\//)
    expect(compareLooks(before, after)).toEqual([])
  })
})

describe('the comparison', () => {
  const style = /position:absolute!important;[^"]*/
  const restyle = (css: string): string => instrument(newsletter, 'end').replace(style, css)

  it('sees a pixel that takes up a line', async () => {
    const differences = compareLooks(await lookAtOriginal(newsletter), await look(restyle('display:block')))
    expect(differences).toHaveLength(2 * widths.length)
  })

  it('sees one pixel of another colour', async () => {
    const css = 'position:absolute;top:0;left:0;width:1px;height:1px;background:#efe4d5'
    const differences = compareLooks(await lookAtOriginal(newsletter), await look(restyle(css)))
    expect(differences).toEqual(widths.map((width) => expect.stringContaining(`at ${width} the pictures differ`)))
  })
})
