import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { domain, origin, setUp } from './fixtures.ts'

const html = readFileSync(new URL('../demo/newsletter.html', import.meta.url), 'utf8')

describe('the demo newsletter, followed link by link', () => {
  it('with signed references: each link leads on and is one event, the pixel too', async () => {
    const { ask, settle, events } = setUp({ now: Date.now })
    const { links, pixel } = instrumentEmail(html, domain, { messageRef: 'newsletter-1' })
    const tracked = links.filter((link) => link.kind === 'tracked')
    expect(tracked.length).toBeGreaterThan(3)
    for (const { url, destination, index } of tracked) {
      expect((await ask(url)).headers.get('location')).toBe(new URL(destination).href)
      await settle()
      expect(events.splice(0)).toMatchObject([
        { type: 'click', part: 'html', messageRef: 'newsletter-1', index, destination },
      ])
    }
    expect((await ask(pixel.kind === 'placed' ? pixel.urls[0]! : origin)).status).toBe(200)
    await settle()
    expect(events).toMatchObject([{ type: 'open', messageRef: 'newsletter-1' }])
  })

  it('with stored references, found among what instrumentEmail gave', async () => {
    const { signingKeys, ...keyless } = domain
    const sent = instrumentEmail(html, keyless)
    const { ask, settle, events } = setUp({
      domains: keyless,
      findReference: (query) => {
        if (query.domain !== 'example.com' || query.ref !== sent.messageRef) return null
        if (query.kind === 'open') return {}
        const link = sent.links.find(({ index }) => index === query.index)
        return query.part === 'html' && link?.kind === 'tracked' ? { destination: link.destination } : null
      },
    })
    for (const link of sent.links) {
      if (link.kind !== 'tracked') {
        expect((await ask(`${origin}/c/${sent.messageRef}/${link.index}`)).status).toBe(404)
        continue
      }
      expect((await ask(link.url)).headers.get('location')).toBe(new URL(link.destination).href)
    }
    expect((await ask(sent.pixel.kind === 'placed' ? sent.pixel.urls[0]! : origin)).status).toBe(200)
    await settle()
    expect(events.length).toBe(sent.links.filter((link) => link.kind === 'tracked').length + 1)
  })
})
