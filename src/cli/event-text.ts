// Owns how an event looks on a terminal: one line.

import type { TrackingEvent } from '../receiver/index.ts'
import { paint, printable } from './text.ts'

export function formatEvent(event: TrackingEvent): string {
  const time = paint('dim', new Date(event.time).toISOString().slice(11, 19))
  const what =
    event.type === 'click'
      ? `${paint('green', 'click')} link ${event.index} -> ${printable(event.destination)}`
      : paint('cyan', 'open')
  const signals = event.signals.length > 0 ? ` ${paint('yellow', event.signals.join(' '))}` : ''
  return `${time} ${what} (${printable(event.messageRef ?? event.campaignRef ?? 'anonymous')})${signals}\n`
}
