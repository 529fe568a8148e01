// The demo newsletter as a reader meets it: opened, and each link clicked, before and after it was instrumented.

import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { clickLink, followLink, readLanding } from './follow-link.ts'
import { openStage } from './stage.ts'

const stage = await openStage()
const domain = stage.useDomain('links')
const original = readFileSync(new URL('../demo/newsletter.html', import.meta.url), 'utf8')
const instrumented = instrumentEmail(original, domain)
const { links, messageRef } = instrumented

/** What a reader can click; Outlook's own buttons stand in comments, for Outlook alone. */
const inPage = links.filter(({ element }) => element === 'a' || element === 'area')
const forOutlook = links.filter((link) => !inPage.includes(link))
const indexesOf = (reasons: readonly string[]): number[] =>
  inPage.filter((link) => link.kind === 'skipped' && reasons.includes(link.reason)).map(({ index }) => index)
const hrefOf = (index: number): string => {
  const link = links[index]!
  return link.kind === 'tracked' ? link.destination : link.href
}
const titled = (indexes: readonly number[]): [number, string][] => indexes.map((index) => [index, hrefOf(index)])

let page: Page
beforeEach(async () => {
  // What a failed check has left behind is not the next one's.
  stage.takeEvents()
  page = await stage.context.newPage()
})
afterEach(() => page.close())

/** Opens the mail anew and finds the link that has this index. */
async function openAt(html: string, index: number): Promise<Locator> {
  stage.show(html)
  await page.goto(stage.pageUrl)
  return page.locator('a[href], area[href]').nth(inPage.findIndex((link) => link.index === index))
}

describe('the newsletter, opened', () => {
  it('loads the pixel, with exactly one open event', async () => {
    await openAt(instrumented.html, 0)
    const images = await page.evaluate(() =>
      [...document.images].map(({ src, complete, naturalWidth, naturalHeight }) => ({
        src,
        size: complete && [naturalWidth, naturalHeight],
      })),
    )
    expect(images.filter(({ src }) => !src.startsWith('data:'))).toEqual([
      { src: (instrumented.pixel as { urls: readonly string[] }).urls[0], size: [1, 1] },
    ])
    expect(stage.takeEvents()).toMatchObject([{ type: 'open', messageRef, domain: 'example.com' }])
  })

  it('has every link, but none of those for Outlook alone', async () => {
    await openAt(instrumented.html, 0)
    stage.takeEvents()
    const hrefs = await page
      .locator('a[href], area[href]')
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('href')))
    expect(hrefs).toEqual(inPage.map((link) => (link.kind === 'tracked' ? link.url : link.href)))
    expect(inPage.length).toBe(21)
    expect(forOutlook.map(({ index, element }) => [index, element])).toEqual([
      [6, 'v:roundrect'],
      [16, 'v:roundrect'],
    ])
    expect(await page.evaluate(() => document.body.innerHTML.replace(/<!--.*?-->/gs, '').includes('roundrect'))).toBe(
      false,
    )
  })
})

describe('a click on a tracked link', () => {
  const tracked = inPage.filter(({ kind }) => kind === 'tracked').map(({ index }) => index)

  it.each(titled(tracked))('link %i lands on %s, with exactly one click event', async (index) => {
    const before = await followLink(stage, await openAt(original, index))
    expect(stage.takeEvents()).toEqual([])
    const link = await openAt(instrumented.html, index)
    expect(stage.takeEvents()).toMatchObject([{ type: 'open' }])
    const after = await followLink(stage, link)

    expect(after).toEqual(before)
    expect(after.visits.length).toBe(1)
    expect(after.shown).toBe(new URL(hrefOf(index)).href)
    expect(stage.takeEvents()).toMatchObject([
      { type: 'click', part: 'html', messageRef, index, destination: hrefOf(index) },
    ])
  })

  it('is there for 14 of them', () => expect(tracked.length).toBe(14))
})

describe("Outlook's own button, which hands its URL to the browser", () => {
  it.each(titled(forOutlook.map(({ index }) => index)))('link %i lands on %s', async (index) => {
    const link = links[index]!
    if (link.kind !== 'tracked') throw new Error(`link ${index} was skipped: ${link.reason}`)
    stage.destinations.takeVisits()
    await page.goto(link.destination)
    const before = await readLanding(stage, page)
    await page.goto(link.url)
    expect(await readLanding(stage, page)).toEqual(before)
    expect(stage.takeEvents()).toMatchObject([{ type: 'click', index, destination: link.destination }])
  })
})

describe('a click on a link that was left alone', () => {
  it.each(titled(indexesOf(['opt-out', 'merge-tag'])))('link %i (%s) leads where it led', async (index) => {
    const before = await followLink(stage, await openAt(original, index))
    const link = await openAt(instrumented.html, index)
    stage.takeEvents()
    expect(await link.getAttribute('href')).toBe(hrefOf(index))
    expect(await followLink(stage, link)).toEqual(before)
    expect(before.shown).toBe(new URL(hrefOf(index), stage.pageUrl).href)
    expect(stage.takeEvents()).toEqual([])
  })

  it.each(titled(indexesOf(['fragment'])))('link %i (%s) scrolls as far as it did', async (index) => {
    const scroll = async (html: string) => {
      const link = await openAt(html, index)
      stage.takeEvents()
      await clickLink(link)
      await page.waitForURL(stage.pageUrl + hrefOf(index))
      return page.evaluate(() => scrollY)
    }
    const before = await scroll(original)
    expect(before).toBeGreaterThan(0)
    expect(await scroll(instrumented.html)).toBe(before)
    expect(stage.takeEvents()).toEqual([])
  })

  it.each(titled(indexesOf(['scheme'])))('link %i (%s) asks the same program', async (index) => {
    const ask = async (html: string) => {
      // A tab of its own: where no program is there to be asked, Chromium may hold a dialog before the tab.
      await page.close()
      page = await stage.context.newPage()
      const cdp = await stage.context.newCDPSession(page)
      await cdp.send('Page.enable')
      const link = await openAt(html, index)
      stage.takeEvents()
      const asked = new Promise<string>((resolve) =>
        cdp.once('Page.frameRequestedNavigation', ({ url }) => resolve(url)),
      )
      await clickLink(link)
      const url = await asked
      expect(page.url()).toBe(stage.pageUrl)
      return url
    }
    expect(await ask(original)).toBe(hrefOf(index))
    expect(await ask(instrumented.html)).toBe(hrefOf(index))
    expect(stage.takeEvents()).toEqual([])
  })

  it('is there for 7 of them', () => {
    expect(indexesOf(['opt-out', 'merge-tag', 'fragment', 'scheme']).length).toBe(7)
  })
})

it('records nothing late and fails nowhere', async () => {
  await followLink(stage, await openAt(instrumented.html, 0))
  await page.waitForTimeout(300)
  expect(stage.takeEvents()).toHaveLength(2)
  expect(stage.failures).toEqual([])
})
