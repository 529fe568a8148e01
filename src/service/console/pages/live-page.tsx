import type { StoredEvent } from '../../../store/events.ts'
import type { Html } from '../../hono.ts'
import { Empty } from '../parts/card.tsx'
import { FeedItem } from '../parts/feed.tsx'
import { Page } from '../parts/page.tsx'
import type { Visit } from '../visit.ts'
import { writeEventsCode } from './code-samples.ts'

export const LivePage = ({
  visit,
  events,
}: {
  readonly visit: Visit
  readonly events: readonly StoredEvent[]
}): Html => (
  <Page
    visit={visit}
    section="/live"
    title="Live"
    lead="Opens and clicks as they come, the latest first."
    aside={
      <div class="actions">
        <span class="feed-state only-script" id="feed-state">
          Connecting
        </span>
        <button type="button" class="button only-script" id="feed-pause">
          Pause
        </button>
        <a class="button no-script" href="/live">
          Reload
        </a>
      </div>
    }
  >
    <section class="card" aria-label="Events">
      {events.length === 0 ? (
        <div id="feed-empty">
          <Empty icon="live" title="No event yet">
            <p>
              Open a tracked mail, or follow one of its links: it appears here within a second or two. Events come from
              the receiver, through the batching sink.
            </p>
            <pre>
              <code>{writeEventsCode}</code>
            </pre>
          </Empty>
        </div>
      ) : null}
      <ol class="feed" id="feed" data-source="/live/events" data-after={events[0]?.cursor ?? ''}>
        {events.map((stored) => (
          <FeedItem stored={stored} />
        ))}
      </ol>
    </section>
  </Page>
)
