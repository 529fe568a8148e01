import type { AddPages } from '../console-app.ts'
import { followEvents } from '../follow-events.tsx'
import { LivePage } from '../pages/live-page.tsx'
import { OverviewPage } from '../pages/overview-page.tsx'

export const addLivePages: AddPages = (app, { store, onError }) => {
  app.get('/', async (context) => {
    const { visit } = context.var
    const { owner } = visit.identity
    const [domains, campaigns, events, messages] = await Promise.all([
      store.domains({ owner, limit: 100 }),
      store.campaigns({ owner, limit: 5 }),
      store.events({ owner, limit: 6, order: 'newest' }),
      store.messages({ owner, limit: 1 }),
    ])
    return context.html(
      <OverviewPage
        visit={visit}
        domains={domains.items}
        campaigns={campaigns.items}
        events={events.items}
        hasMessages={messages.items.length > 0}
      />,
    )
  })

  app.get('/live', async (context) => {
    const { visit } = context.var
    const { items } = await store.events({ owner: visit.identity.owner, limit: 50, order: 'newest' })
    return context.html(<LivePage visit={visit} events={items} />)
  })

  app.get('/live/events', async (context) => {
    const { owner } = context.var.visit.identity
    // A browser that was cut off says itself how far it came.
    const after = context.req.header('last-event-id') ?? context.req.query('after')
    // A place that there is not is told while there is still a status to tell it by.
    if (after) await store.events({ owner, after, limit: 1 })
    const body = followEvents({ store, owner, after, onError })
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
  })
}
