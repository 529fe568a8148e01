// A reader's click: on what a reader sees, with a real mouse, until the browser has arrived.

import type { Locator, Page } from 'playwright-core'
import type { Stage } from './stage.ts'

export interface Landing {
  /** What the address bar shows. */
  readonly shown: string
  /** The pages that the destinations were asked for. */
  readonly visits: readonly string[]
}

/** Clicks the link, which must lead to another page. */
export async function followLink(stage: Stage, link: Locator): Promise<Landing> {
  const page = link.page()
  const opensPage = (await link.getAttribute('target')) === '_blank'
  stage.destinations.takeVisits()
  const opened = opensPage ? stage.context.waitForEvent('page') : page
  await clickLink(link)
  const target = await opened
  await target.waitForURL((url) => url.href !== stage.pageUrl && url.href !== 'about:blank')
  const landing = await readLanding(stage, target)
  if (target !== page) await target.close()
  return landing
}

export async function readLanding(stage: Stage, page: Page): Promise<Landing> {
  return { shown: await page.evaluate(() => location.href), visits: stage.destinations.takeVisits() }
}

export async function clickLink(link: Locator): Promise<void> {
  if ((await link.evaluate((element) => element.localName)) === 'a') return link.click()
  // An area has no box of its own: the mouse goes to its middle on the image.
  const { x, y } = await link.evaluate((element) => {
    const area = element as HTMLAreaElement
    const map = area.parentElement as HTMLMapElement
    const image = document.querySelector(`img[usemap="#${map.name}"]`)!
    image.scrollIntoView({ block: 'center' })
    const { left, top } = image.getBoundingClientRect()
    const [x1, y1, x2, y2] = area.coords.split(',').map(Number) as [number, number, number, number]
    return area.shape === 'rect' ? { x: left + (x1 + x2) / 2, y: top + (y1 + y2) / 2 } : { x: left + x1, y: top + y1 }
  })
  await link.page().mouse.click(x, y)
}
