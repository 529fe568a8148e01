import { rules } from '../../../engagement/rules.ts'
import type { StoredEvent } from '../../../store/events.ts'
import type { Html } from '../../hono.ts'
import { modeTexts } from '../text/mode-texts.ts'
import { ActorBadge, Foreign } from './small.tsx'

/** What happened, in a sentence, and who is thought to be behind it. */
export const EventHeadline = ({ stored }: { readonly stored: StoredEvent }): Html => (
  <span class="what">
    <span class="strong">{headlineOf(stored)}</span>
    <ActorBadge actor={stored.actor} />
    {stored.event.mode === 'full' ? null : <span class="soft small">{modeTexts[stored.event.mode].name}</span>}
  </span>
)

/** People open and follow; of anything else only the request is known. */
export function headlineOf({ event, actor }: StoredEvent): string {
  if (event.type === 'open') return actor === 'person' ? 'Opened' : 'Image loaded'
  const link = event.part === 'text' ? `link ${event.index} of the text part` : `link ${event.index}`
  return actor === 'person' ? `Followed ${link}` : `Requested ${link}`
}

/** Why it is not counted as a person's. */
export const EventReasons = ({ stored: { actor, reasons } }: { readonly stored: StoredEvent }): Html | null =>
  actor === 'person' ? null : (
    <ul class="why" aria-label="Why">
      {reasons.map((reason) => (
        <li>
          {rules[reason].what} <span class="small">({reason})</span>
        </li>
      ))}
    </ul>
  )

/** Where it led, and what the request said of itself. */
export const EventDetails = ({ stored: { event } }: { readonly stored: StoredEvent }): Html => (
  <>
    {event.type === 'click' ? (
      <p class="agent mono">
        <Foreign text={event.destination} longest={300} />
      </p>
    ) : null}
    {event.userAgent === null ? null : (
      <p class="agent">
        <Foreign text={event.userAgent} longest={300} />
        {event.clientAddress === null ? null : (
          <>
            {', from '}
            <Foreign text={event.clientAddress} longest={60} />
          </>
        )}
      </p>
    )}
  </>
)
