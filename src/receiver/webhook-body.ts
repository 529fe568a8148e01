import type { TrackingEvent } from './events.ts'

/**
 * What the body of a webhook looks like. `standard` is the form that Standard Webhooks recommends, `{ type, timestamp, data }`,
 * with the event as its data; `resend` is that of Resend's `email.opened` and `email.clicked`.
 */
export const webhookFormats = ['standard', 'resend'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

/** What Resend's bodies say of a message and mailtrace does not know. The names of the fields are Resend's. */
export interface ResendMessage {
  readonly from?: string | undefined
  readonly to?: readonly string[] | undefined
  readonly subject?: string | undefined
  /** The `Message-ID` header. */
  readonly message_id?: string | undefined
  /** When the message was made, as ISO 8601. Default: when it was instrumented */
  readonly created_at?: string | undefined
  /** Default: the `campaignRef`, if the event has one */
  readonly broadcast_id?: string | undefined
  readonly template_id?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** In both formats. */
const types = { open: 'email.opened', click: 'email.clicked' } as const

const iso = (ms: number): string => new Date(ms).toISOString()

export function standardBody(event: TrackingEvent): string {
  return JSON.stringify({ type: types[event.type], timestamp: iso(event.time), data: event })
}

/** What nobody knows is empty, as Resend's fields are never absent. */
export function resendBody(event: TrackingEvent, message: ResendMessage | null | undefined): string {
  const time = iso(event.time)
  const { messageRef, campaignRef, issuedAt } = event
  const data = {
    email_id: messageRef ?? '',
    created_at: issuedAt === null ? time : iso(issuedAt),
    message_id: '',
    from: '',
    to: [],
    subject: '',
    ...(campaignRef === null ? {} : { broadcast_id: campaignRef }),
    ...message,
  }
  if (event.type === 'open') return JSON.stringify({ type: types.open, created_at: time, data })
  const { clientAddress, destination, userAgent } = event
  const click = { ipAddress: clientAddress ?? '', link: destination, timestamp: time, userAgent: userAgent ?? '' }
  return JSON.stringify({ type: types.click, created_at: time, data: { ...data, click } })
}
