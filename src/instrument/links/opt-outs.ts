// Owns the attributes by which a template says "leave this link alone": ours, and those of other senders, so that a
// template written for any of them keeps working.

import { attributeValue } from '../../html/attribute-value.ts'
import { createCursor, isAttributeNamed, nextAttribute, startWalk } from '../../html/attributes.ts'

interface OptOut {
  readonly name: string
  /** The value that opts out, in lower case; absent: any. For `class`, one of its words. */
  readonly value?: string
}

const optOuts: readonly OptOut[] = [
  { name: 'data-no-track' },
  { name: 'ses:no-track' }, // Amazon SES
  { name: 'clicktracking', value: 'off' }, // SendGrid
  { name: 'data-pm-no-track' }, // Postmark
  { name: 'data-msys-clicktrack', value: '0' }, // SparkPost
  { name: 'mc:disable-tracking' }, // Mailchimp
  { name: 'disable-tracking', value: 'true' }, // Mailgun
  { name: 'class', value: 'untracked' },
  { name: 'data-skip-click' },
  { name: 'data-mautic-disable-tracking', value: 'true' }, // Mautic
  { name: 'data-ph-no-track' },
  { name: 'autotrack', value: 'false' },
]

/** By the length of the name: most attributes are passed over by that alone. */
const optOutsByLength: readonly (readonly OptOut[])[] = Array.from({ length: 32 }, (_, length) =>
  optOuts.filter(({ name }) => name.length === length),
)

const noOptOuts: readonly OptOut[] = []
const cursor = createCursor()

/** Whether the tag whose name ends at `nameEnd` carries an opt-out. */
export function isOptedOut(html: string, nameEnd: number): boolean {
  const seen: OptOut[] = []
  startWalk(cursor, nameEnd)
  while (nextAttribute(html, cursor)) {
    for (const optOut of optOutsByLength[cursor.nameEnd - cursor.nameStart] ?? noOptOuts) {
      // Of attributes of one name the first counts, as everywhere in HTML.
      if (!isAttributeNamed(html, cursor, optOut.name) || seen.includes(optOut)) continue
      if (hasOptOutValue(html, optOut)) return true
      seen.push(optOut)
    }
  }
  return false
}

function hasOptOutValue(html: string, { name, value }: OptOut): boolean {
  if (value === undefined) return true
  const text = attributeValue(html, cursor.valueStart, cursor.valueEnd)
  // Class names are case-sensitive, keywords are not.
  return name === 'class' ? text.split(/[\t\n\f\r ]+/).includes(value) : text.trim().toLowerCase() === value
}
