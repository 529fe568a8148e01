import type { DomainConfig } from '../config/domain-config.ts'
import { activationText } from '../inspection/outcome-text.ts'
import type { InstrumentedMessage, PartOutcome } from '../message/index.ts'
import { type Cell, formatTable, paint } from './terminal.ts'

/** The one line about a message. */
export function messageText({ activation, parts }: InstrumentedMessage, domain: DomainConfig): string {
  if (!activation.active) return activationText(activation, domain)
  return parts.map((part) => `${nameOf(part)}: ${fateOf(part)}`).join('; ')
}

/** What becomes of each part of a message, and of each of its links. */
export function formatMessage({ activation, parts }: InstrumentedMessage, domain: DomainConfig): string {
  const tracking = paint(activation.active ? 'green' : 'yellow', activationText(activation, domain))
  const rows = parts.map((part): Cell[] => [part.path || 'all', part.type, String(part.end - part.start), fateOf(part)])
  const links = parts.flatMap((part) =>
    part.kind === 'skipped'
      ? []
      : part.links.map((link): Cell[] => [
          part.path,
          String(link.index),
          link.kind === 'tracked' ? { text: 'tracked', format: 'green' } : { text: 'skipped', format: 'yellow' },
          link.kind === 'tracked' ? '' : link.reason,
          link.kind === 'tracked' ? link.destination : link.href,
        ]),
  )
  return [
    `${paint('bold', 'tracking')}  ${tracking}\n`,
    rows.length > 0 ? `\n${formatTable(['part', 'type', 'bytes', 'outcome'], rows)}` : '',
    links.length > 0 ? `\n${formatTable(['part', 'link', 'outcome', 'reason', 'destination'], links)}` : '',
  ].join('')
}

const nameOf = ({ path, type }: PartOutcome): string => (path === '' ? 'the message' : `part ${path} (${type})`)

function fateOf(part: PartOutcome): string {
  if (part.kind === 'skipped') return `left alone: ${part.reason}`
  const tracked = part.links.filter(({ kind }) => kind === 'tracked').length
  const links = `${tracked} tracked, ${part.links.length - tracked} skipped`
  if (part.type === 'text/plain') return links
  return `${links}, ${part.pixel.kind === 'placed' ? 'pixel placed' : `no pixel: ${part.pixel.reason}`}`
}
