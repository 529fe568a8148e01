// What stands inside sentences and cells.

import type { RecordStatus } from '../../../config/domain-config.ts'
import type { Actor } from '../../../engagement/engagement-event.ts'
import { printable } from '../../../printable.ts'
import type { Child, Html } from '../../hono.ts'
import { formatDay, formatTime, isTime } from '../text/format.ts'
import { statusTexts, type Tone } from '../text/status-texts.ts'

/** Text that a stranger wrote: nothing in it is markup, invisible, or turns the line around. */
export const Foreign = ({ text, longest = 200 }: { readonly text: string; readonly longest?: number }): Html => (
  <bdi>{printable(text, longest)}</bdi>
)

const writers: Readonly<Record<'full' | 'day', (time: number) => string>> = {
  full: (time) => `${formatTime(time)} UTC`,
  day: formatDay,
}

/** A time in UTC; what is none is told as such. */
export const Time = ({ at, as = 'full' }: { readonly at: number; readonly as?: keyof typeof writers }): Html =>
  isTime(at) ? (
    <time
      datetime={new Date(at).toISOString()}
      title={`${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`}
    >
      {writers[as](at)}
    </time>
  ) : (
    <span>unknown time</span>
  )

export const Badge = ({ tone, children }: { readonly tone: Tone | Actor; readonly children?: Child }): Html => (
  <span class={`badge ${tone}`}>{children}</span>
)

export const StatusBadge = ({ status }: { readonly status: RecordStatus }): Html => (
  <Badge tone={statusTexts[status].tone}>{statusTexts[status].name}</Badge>
)

export const actorTexts: Readonly<
  Record<Actor, { readonly one: string; readonly many: string; readonly what: string }>
> = {
  person: { one: 'Person', many: 'People', what: 'nothing speaks against a person' },
  machine: { one: 'Machine', many: 'Machines', what: 'scanners, link checkers and programs that load ahead' },
  proxy: {
    one: 'Proxy',
    many: 'Proxies',
    what: 'a mail program’s own loading: the mail was delivered or shown, nobody can tell by whom',
  },
}

export const ActorBadge = ({ actor }: { readonly actor: Actor }): Html => (
  <Badge tone={actor}>{actorTexts[actor].one}</Badge>
)

/** Only shown where the script runs; without it the text can be selected with one click. */
export const CopyButton = ({ text, what }: { readonly text: string; readonly what: string }): Html => (
  <button type="button" class="copy" data-copy={text}>
    Copy<span class="unseen"> {what}</span>
  </button>
)

export const Copied = ({ text, what }: { readonly text: string; readonly what: string }): Html => (
  <div class="copied">
    <code>{printable(text, 300)}</code>
    <CopyButton text={text} what={what} />
  </div>
)
