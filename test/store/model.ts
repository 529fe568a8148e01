// The store as plain objects: what it must answer, by the public functions of mailtrace/engagement and nothing of src/store.

import { type JudgedEvent, judgeEvents, summarizeEngagement } from '../../src/engagement/index.ts'
import type { MessageDetails, SavedOutcome, TrackingEvent } from '../../src/store/index.ts'

type Judged = JudgedEvent<TrackingEvent>

interface Message {
  campaign: string | null
  saved: { outcome: SavedOutcome; recipient: string | null; sentAt: number } | null
  links: SavedOutcome['links'] | null
  forgotten: boolean
  events: TrackingEvent[]
  /** Erased, and counted all the same. */
  kept: Judged[]
  hadEvents: boolean
}

export interface Model {
  readonly messages: Map<string, Message>
  readonly campaignLinks: Map<string, SavedOutcome['links']>
  anonymous: TrackingEvent[]
  readonly keptAnonymous: Judged[]
}

export const createModel = (): Model => ({
  messages: new Map(),
  campaignLinks: new Map(),
  anonymous: [],
  keptAnonymous: [],
})

function messageOf(model: Model, ref: string): Message {
  const empty = { campaign: null, saved: null, links: null, forgotten: false, events: [], kept: [], hadEvents: false }
  const message: Message = model.messages.get(ref) ?? empty
  model.messages.set(ref, message)
  return message
}

export function modelSave(model: Model, outcome: SavedOutcome, details: MessageDetails): void {
  const { campaign = null, recipient = null, sentAt = outcome.issuedAt! } = details
  if (campaign !== null && !model.campaignLinks.has(campaign)) model.campaignLinks.set(campaign, outcome.links)
  const message = messageOf(model, outcome.messageRef!)
  if (message.forgotten) return
  message.campaign = campaign ?? message.campaign
  message.saved = { outcome, recipient: recipient ?? message.saved?.recipient ?? null, sentAt }
  message.links = outcome.links
}

export function modelWrite(model: Model, events: readonly TrackingEvent[]): void {
  const first = new Map<string, string | null>()
  for (const event of events) {
    if (event.messageRef === null) {
      if (!model.anonymous.some(({ id }) => id === event.id)) model.anonymous.push(event)
      continue
    }
    const message = messageOf(model, event.messageRef)
    if (message.forgotten || message.events.some(({ id }) => id === event.id)) continue
    message.events.push(event)
    if (!message.hadEvents) first.set(event.messageRef, first.get(event.messageRef) ?? event.campaignRef)
  }
  for (const [ref, campaign] of first) {
    const message = messageOf(model, ref)
    message.campaign ??= campaign
    message.hadEvents = true
  }
}

const judgeMessage = (model: Model, message: Message): Judged[] => {
  const links = message.links ?? (message.campaign === null ? undefined : model.campaignLinks.get(message.campaign))
  const tracked = links?.filter(({ kind }) => kind === 'tracked').length
  return judgeEvents(message.events, { sentAt: message.saved?.sentAt, links: tracked || undefined })
}

let erased = 0
/** Written again after it was erased, an event is another one. */
const keep = (judged: Judged): Judged => ({ ...judged, event: { ...judged.event, id: `erased ${erased++}` } })

function erase(model: Model, message: Message, which: (event: TrackingEvent) => boolean): number {
  const going = judgeMessage(model, message).filter(({ event }) => which(event))
  message.kept.push(...going.map(keep))
  message.events = message.events.filter((event) => !which(event))
  return going.length
}

export function modelForget(model: Model, which: { recipient: string } | { messageRef: string }) {
  const found = [...model.messages].filter(([ref, { saved, forgotten }]) =>
    'messageRef' in which ? ref === which.messageRef : !forgotten && saved?.recipient === which.recipient,
  )
  let events = 0
  for (const [, message] of found) {
    events += erase(model, message, () => true)
    message.forgotten = true
  }
  return { messages: found.length, events }
}

/** Of `events` alone: which messages still had something personal is another test's. */
export function modelPurge(model: Model, before: number): number {
  const isOld = ({ time }: TrackingEvent) => time < before
  let events = 0
  for (const message of model.messages.values()) events += erase(model, message, isOld)
  const old = model.anonymous.filter(isOld)
  model.keptAnonymous.push(...judgeEvents(old).map(keep))
  model.anonymous = model.anonymous.filter((event) => !isOld(event))
  for (const { saved } of model.messages.values()) if (saved && saved.sentAt < before) saved.recipient = null
  return events + old.length
}

const isKnown = (mode: string | false): boolean => mode === 'full' || mode === 'identified'

/** What the store must say of a campaign. */
export function modelCampaign(model: Model, campaign: string) {
  const messages = [...model.messages.values()].filter((message) => message.campaign === campaign)
  const anonymous = [...model.anonymous, ...[]].filter(({ campaignRef }) => campaignRef === campaign)
  const judged = [
    ...messages.flatMap((message) => [...message.kept, ...judgeMessage(model, message)]),
    ...judgeEvents(anonymous),
    ...model.keptAnonymous.filter(({ event }) => event.campaignRef === campaign),
  ]
  const saved = messages.flatMap(({ saved }) => saved ?? [])
  const modes = saved.map(({ outcome: { activation } }) =>
    activation.active ? activation : ({ open: false, click: false } as const),
  )
  const tracked = {
    opens: modes.filter(({ open }) => isKnown(open)).length,
    clicks: modes.filter(({ click }) => isKnown(click)).length,
    either: modes.filter(({ open, click }) => isKnown(open) || isKnown(click)).length,
  }
  const links = (model.campaignLinks.get(campaign) ?? []).flatMap((link) => (link.kind === 'tracked' ? [link] : []))
  const days = [...new Set(judged.map(({ event }) => new Date(event.time).toISOString().slice(0, 10)))].sort()
  return {
    messages: saved.length,
    tracked,
    summary: summarizeEngagement(judged, { tracked, links }),
    days: days.map((day) => {
      const { people, machines, proxies } = summarizeEngagement(
        judged.filter(({ event }) => new Date(event.time).toISOString().slice(0, 10) === day),
        { tracked },
      )
      const { rate: opens, ...personOpens } = people.opens
      const { rate: clicks, ...personClicks } = people.clicks
      return { day, people: { opens: personOpens, clicks: personClicks }, machines, proxies }
    }),
  }
}

/** What the store must say of a message: who did what, by the event's id. */
export function modelMessage(model: Model, ref: string) {
  const message = model.messages.get(ref)
  if (message === undefined) return null
  const judged = judgeMessage(model, message)
  const { people, machines, proxies } = summarizeEngagement([...message.kept, ...judged], {
    tracked: { opens: 0, clicks: 0 },
  })
  const { rate: opens, ...personOpens } = people.opens
  const { rate: clicks, ...personClicks } = people.clicks
  return {
    campaign: message.campaign,
    recipient: message.forgotten ? null : (message.saved?.recipient ?? null),
    forgotten: message.forgotten,
    people: { opens: personOpens, clicks: personClicks },
    machines,
    proxies,
    timeline: judged.map(({ event, actor, reasons }) => ({ event, actor, reasons })),
  }
}
