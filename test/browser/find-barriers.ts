import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact?: string | null
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** What axe-core takes for serious, or worse, on a page. */
export async function findBarriers(page: Page): Promise<string[]> {
  // The inspector's code, not the page's, whose policy stays as it is.
  await page.evaluate(axe)
  const { violations } = (await page.evaluate('axe.run({ iframes: false })')) as AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
