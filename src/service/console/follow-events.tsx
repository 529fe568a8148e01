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
  let cancelWait = (): void => {}
  const encoder = new TextEncoder()

  async function look(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (after === undefined) {
      const [latest] = (await store.events({ owner, limit: 1, order: 'newest' })).items
      after = latest?.cursor ?? ''
    }
    const { items } = await store.events({ owner, after: after === '' ? undefined : after, limit: most })
    if (isOver) return
    if (items.length > 0) {
      after = items.at(-1)!.cursor
      controller.enqueue(encoder.encode(formatMessage(items)))
    } else if (looks % looksUntilSign === 0) controller.enqueue(encoder.encode(': still here\n\n'))
  }

  async function follow(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      await look(controller)
      looks++
      if (isOver) return
      if (looks * pollMs >= longestMs) {
        isOver = true
        controller.close()
      } else cancelWait = schedule(() => void follow(controller), pollMs)
    } catch (error) {
      // Nobody waits for it any more.
      if (isOver) return
      isOver = true
      onError(error)
      controller.error(error)
    }
  }

  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode('retry: 2000\n\n'))
      void follow(controller)
    },
    cancel: () => {
      isOver = true
      cancelWait()
    },
  })
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
