import type { Store } from '../../store/create-store.ts'
import type { StoredEvent } from '../../store/events.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { asked } from './number-endpoints.ts'
import { readLimit, readQuery } from './read-query.ts'

/** So many events are in memory at a time. */
const pageSize = 500
/** More than anybody asks for: there is no end but that of what is stored. */
const maxEvents = 999_999_999

/** Events as JSON lines, oldest first. The `cursor` of the last one is what to ask `after` the next time. */
export function eventEndpoint({ store, onError }: CheckedServiceOptions): Endpoint {
  async function events({ request, identity: { owner } }: Call): Promise<Response> {
    const query = readQuery(request.url, ['limit', 'after', 'domain', 'campaign', 'message_ref'])
    const { domain, campaign, message_ref: messageRef } = query
    const pages = readPages(
      store,
      { owner, domain, campaign, messageRef },
      query.after,
      readLimit(query.limit, maxEvents),
    )
    // What is wrong with the question shows before an answer has begun.
    const first = await asked(() => pages.next())
    return new Response(streamLines(first, pages, onError), { headers: { 'content-type': 'application/x-ndjson' } })
  }
  return { method: 'GET', path: '/events', access: 'read', answer: events }
}

type Filter = Omit<NonNullable<Parameters<Store['events']>[0]>, 'after' | 'limit' | 'order'>
type Pages = AsyncGenerator<readonly StoredEvent[], void>

async function* readPages(store: Store, filter: Filter, start: string | undefined, limit = maxEvents): Pages {
  let left = limit
  let after = start
  while (left > 0) {
    const { items, next } = await store.events({ ...filter, after, limit: Math.min(left, pageSize) })
    yield items
    if (next === null) return
    after = next
    left -= items.length
  }
}

/** Reads on only as fast as the client does. */
function streamLines(
  first: IteratorResult<readonly StoredEvent[], void>,
  pages: Pages,
  onError: (error: unknown) => unknown,
) {
  const encoder = new TextEncoder()
  let page = first
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (page.done) return controller.close()
        const lines = page.value.map((stored) => `${JSON.stringify(stored)}\n`).join('')
        if (lines !== '') controller.enqueue(encoder.encode(lines))
        try {
          page = await pages.next()
          if (page.done) controller.close()
        } catch (error) {
          // The client sees an answer that breaks off, never one that looks whole.
          onError(error)
          controller.error(new Error('the events could not be read on'))
        }
      },
      cancel: async () => {
        await pages.return()
      },
    },
    { highWaterMark: 0 },
  )
}
