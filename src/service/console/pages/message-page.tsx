import type { StoredEvent } from '../../../store/events.ts'
import type { MessageDetail } from '../../../store/numbers.ts'
import type { Html } from '../../hono.ts'
import { campaignPath, messagePath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { EmailCard } from '../parts/email-card.tsx'
import { EventDetails, EventHeadline, EventReasons, headlineOf } from '../parts/event-text.tsx'
import { LinkTable } from '../parts/link-table.tsx'
import { Notice } from '../parts/notice.tsx'
import { ActorTable } from '../parts/numbers.tsx'
import { Page } from '../parts/page.tsx'
import { ActorBadge, Foreign, Time } from '../parts/small.tsx'
import { formatCount, formatSpan } from '../text/format.ts'
import { modeText } from '../text/mode-texts.ts'
import { joinRuns, type Run } from '../timeline-runs.ts'
import type { Visit } from '../visit.ts'
import { MessageName } from './messages-page.tsx'

/** What the store gives with a message. */
const mostShown = 500

export const MessagePage = ({
  visit,
  message,
  loadsImages,
}: {
  readonly visit: Visit
  readonly message: MessageDetail
  readonly loadsImages: boolean
}): Html => {
  const { summary, timeline, modes } = message
  return (
    <Page
      visit={visit}
      section="/messages"
      title={message.recipient ?? message.messageRef}
      heading={<MessageName message={message} />}
      crumbs={[{ href: '/messages', name: 'Messages' }]}
      lead={message.subject === null ? undefined : <Foreign text={message.subject} />}
    >
      {message.forgotten ? (
        <Notice tone="neutral" title="This message was erased">
          <p>
            What it counted for stays counted. Its recipient, its subject and its events are gone, and no further event
            is kept.
          </p>
        </Notice>
      ) : null}
      <div class="columns">
        <Card id="facts" title="Message">
          <dl class="facts">
            <dt>Reference</dt>
            <dd class="mono">
              <Foreign text={message.messageRef} />
            </dd>
            <dt>Domain</dt>
            <dd>{message.domain}</dd>
            <dt>Campaign</dt>
            <dd>
              {message.campaign === null ? (
                'none'
              ) : (
                <a href={campaignPath({ campaign: message.campaign, domain: message.domain })}>
                  <Foreign text={message.campaign} />
                </a>
              )}
            </dd>
            <dt>Sent</dt>
            <dd>{message.sentAt === null ? 'unknown' : <Time at={message.sentAt} />}</dd>
            <dt>Open tracking</dt>
            <dd>{modes === null ? unsaved : <ModeSentence mode={modes.open} />}</dd>
            <dt>Click tracking</dt>
            <dd>{modes === null ? unsaved : <ModeSentence mode={modes.click} />}</dd>
          </dl>
        </Card>
        <Card id="who" title="Who was behind it" bare>
          <ActorTable summary={summary} caption="Opens and clicks by people, proxies and machines" />
        </Card>
      </div>
      <Card id="timeline" title="Timeline">
        <Timeline message={message} />
        {timeline.length < mostShown ? null : (
          <p class="hint">These are the first {formatCount(mostShown)} events. The API gives all of them.</p>
        )}
      </Card>
      {summary.links.length === 0 || modes?.click === false ? null : (
        <Card id="links" title="Links" bare>
          <LinkTable links={summary.links} caption="Links, with the people and machines that followed them" />
        </Card>
      )}
      <EmailCard
        html={message.html}
        path={(images) => messagePath(message, '/email', { images })}
        pagePath={(images) => messagePath(message, '', { images })}
        loadsImages={loadsImages}
      />
    </Page>
  )
}

const unsaved = 'unknown: the message was not saved'

const ModeSentence = ({ mode }: { readonly mode: Parameters<typeof modeText>[0] }): Html => (
  <>
    <span class="strong">{modeText(mode).name}.</span> {modeText(mode).what}
  </>
)

const OneEvent = ({ stored }: { readonly stored: StoredEvent }): Html => (
  <>
    <EventHeadline stored={stored} />
    <p class="when">
      <Time at={stored.event.time} as={stored.event.mode === 'day' ? 'day' : 'full'} />
      {stored.event.mode === 'day' ? ', nothing finer is kept' : ''}
    </p>
    <EventReasons stored={stored} />
    <EventDetails stored={stored} />
  </>
)

/** A scanner's run: the verdict once, its requests on demand. */
const ManyEvents = ({ run }: { readonly run: Run }): Html => (
  <>
    <span class="what">
      <span class="strong">
        {run[0].event.type === 'click'
          ? `Requested links ${formatCount(run.length)} times`
          : `Image loaded ${formatCount(run.length)} times`}
      </span>
      <ActorBadge actor={run[0].actor} />
    </span>
    <p class="when">
      <Time at={run[0].event.time} /> and within {formatSpan(run.at(-1)!.event.time - run[0].event.time)}
    </p>
    <EventReasons stored={run[0]} />
    <details class="requests">
      <summary>Each request</summary>
      <ol>
        {run.map((stored) => (
          <li>
            <span class="small">
              {headlineOf(stored)}, {formatSpan(stored.event.time - run[0].event.time)} in
            </span>
            <EventDetails stored={stored} />
          </li>
        ))}
      </ol>
    </details>
  </>
)

const Timeline = ({ message: { sentAt, timeline, modes } }: { readonly message: MessageDetail }): Html => (
  <ol class="timeline">
    {sentAt === null ? null : (
      <li>
        <span class="what strong">Sent</span>
        <p class="when">
          <Time at={sentAt} />
        </p>
      </li>
    )}
    {joinRuns(timeline).map((run) => (
      <li class={run[0].actor}>{run.length === 1 ? <OneEvent stored={run[0]} /> : <ManyEvents run={run} />}</li>
    ))}
    {timeline.length > 0 ? null : (
      <li>
        <span class="what soft">
          {modes !== null && modes.open === false && modes.click === false
            ? 'Nothing else will come: this message is not tracked.'
            : 'Nothing yet. Opens and clicks appear here, each with the reason for its verdict.'}
        </span>
      </li>
    )}
  </ol>
)
