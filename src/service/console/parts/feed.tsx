import type { StoredEvent } from '../../../store/events.ts'
import type { Html } from '../../hono.ts'
import { campaignPath, messagePath } from '../links.ts'
import { EventDetails, EventHeadline, EventReasons } from './event-text.tsx'
import { Foreign, Time } from './small.tsx'

/** One event of a list: when, what, of which message, and why it is not a person's. */
export const FeedItem = ({ stored }: { readonly stored: StoredEvent }): Html => {
  const { event } = stored
  return (
    <li>
      <Time at={event.time} as={event.mode === 'day' ? 'day' : 'full'} />
      <EventHeadline stored={stored} />
      <span class="small">
        {event.messageRef !== null ? (
          <a href={messagePath({ messageRef: event.messageRef, domain: event.domain })}>
            Message <Foreign text={event.messageRef} longest={14} />
          </a>
        ) : event.campaignRef !== null ? (
          <a href={campaignPath({ campaign: event.campaignRef, domain: event.domain })}>
            Campaign <Foreign text={event.campaignRef} longest={30} />
          </a>
        ) : null}
      </span>
      <EventReasons stored={stored} />
      <EventDetails stored={stored} />
    </li>
  )
}
