import type { EventsPart, StoredEvent } from '../../store/events.ts'
import { schedule } from '../../timers.ts'
import { FeedItem } from './parts/feed.tsx'

export interface FollowOptions {
  readonly store: Pick<EventsPart, 'events'>
  readonly owner: string
  /** The cursor of the last event that the browser has; `''`: it has none. `undefined`: what is stored is skipped. */
  readonly after: string | undefined
  readonly onError: (error: unknown) => unknown
  /** In ms. Default: 1000 */
  readonly pollMs?: number
  /** How long one connection lasts, in ms; the browser then asks again, and must still be signed in. Default: 300,000 */
  readonly longestMs?: number
}

/** How many events are sent at once. */
const most = 50

/** So many empty looks are followed by a line that says nothing, so that proxies keep the connection and a lost one is noticed. */
const looksUntilSign = 15

/**
 * Events as they are stored, as server-sent events of list items. The store is asked again and again, so that it does not matter
 * which process a click came to.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function followEvents(options: FollowOptions): ReadableStream<Uint8Array> {
  const { store, owner, onError, pollMs = 1000, longestMs = 300_000 } = options
  let { after } = options
  let looks = 0
  let isOver = false
  let stopWaiting = (): void => {}

  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = schedule(resolve, pollMs)
      stopWaiting = () => {
        cancel()
        resolve()
      }
    })

  async function look(): Promise<readonly StoredEvent[]> {
    after ??= (await newest(1)).at(-1)?.cursor ?? ''
    const { items } = await store.events({ owner, after: after === '' ? undefined : after, limit: most })
    // Who is that far behind wants to see what comes now; all events are on the pages of their messages.
    const shown = items.length === most ? await newest(most) : items
    after = shown.at(-1)?.cursor ?? after
    return shown
  }

  /** The newest ones, in the order they came. */
  const newest = async (limit: number): Promise<readonly StoredEvent[]> =>
    (await store.events({ owner, limit, order: 'newest' })).items.toReversed()

  async function nextText(): Promise<string | null> {
    for (; !isOver && looks * pollMs < longestMs; looks++) {
      if (looks > 0) await wait()
      if (isOver) return null
      const items = await look()
      if (items.length > 0 || looks % looksUntilSign === 0) {
        looks++
        return items.length > 0 ? formatMessage(items) : ': still here\n\n'
      }
    }
    return null
  }

  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('retry: 2000\n\n')),
      async pull(controller) {
        const text = await nextText().catch((error) => {
          // Nobody waits for it any more.
          if (!isOver) onError(error)
          throw error
        })
        if (isOver) return
        if (text === null) controller.close()
        else controller.enqueue(encoder.encode(text))
      },
      cancel: () => {
        isOver = true
        stopWaiting()
      },
    },
    // Nothing is asked of the store until somebody reads.
    { highWaterMark: 0 },
  )
}

/** Items in the order they came; the id is how far a browser then is. */
function formatMessage(items: readonly StoredEvent[]): string {
  const html = String(
    <ul>
      {items.map((stored) => (
        <FeedItem stored={stored} />
      ))}
    </ul>,
  )
  return `id: ${items.at(-1)!.cursor}\n${html
    .split(/[\r\n]+/)
    .map((line) => `data: ${line}\n`)
    .join('')}\n`
}
