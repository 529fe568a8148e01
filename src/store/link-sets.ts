import { optionChecks } from '../checks.ts'
import { twinsOf } from '../engagement/link-twins.ts'
import { checkText, optional } from './check-options.ts'
import type { MessageLink } from './message-link.ts'
import type { SavedOutcome, SavedPart } from './messages.ts'

/** The tracked links of a mail, and what the judge asks of them. */
export interface LinkSet {
  readonly links: readonly MessageLink[]
  readonly size: number
  readonly twins: readonly (readonly [index: number, button: number])[]
}

/** Of all parts of a mail; `null` for one without tracked links. */
export function readOutcomeLinks({ links, textLinks, parts }: SavedOutcome): LinkSet | null {
  if (links !== undefined || parts === undefined) {
    return toLinkSet([
      ...listOf(links ?? [], 'outcome.links', 'html'),
      ...listOf(textLinks ?? [], 'outcome.textLinks', 'text'),
    ])
  }
  return toLinkSet(
    optionChecks.list(parts, 'outcome.parts').flatMap((part, at) => {
      const { type, links = [] } = (part ?? {}) as Partial<SavedPart>
      return listOf(links, `outcome.parts[${at}].links`, type === 'text/plain' ? 'text' : 'html')
    }),
  )
}

/** `null` for a mail without tracked links. */
export const readLinks = (given: unknown, path: string): LinkSet | null => toLinkSet(listOf(given, path, 'html'))

/** @param ofPart the part of links that do not say it */
const listOf = (given: unknown, path: string, ofPart: 'html' | 'text'): MessageLink[] =>
  optionChecks.list(given, path).flatMap((link, at) => readLink(link, `${path}[${at}]`, ofPart))

function toLinkSet(links: readonly MessageLink[]): LinkSet | null {
  if (links.length === 0) return null
  const html = links.filter(({ part }) => part === 'html')
  // A reader sees one of the two parts.
  const size = html.length > 0 ? html.length : links.length
  const twins = [...twinsOf(html.map((link) => ({ ...link, element: link.element ?? undefined })))]
    .filter(([link, button]) => link !== button)
    .map(([link, button]) => [link.index, button.index] as const)
  return { links, size, twins }
}

function readLink(link: unknown, path: string, ofPart: 'html' | 'text'): MessageLink[] {
  if (typeof link !== 'object' || link === null) throw optionChecks.error(`${path} is no link: use those of an outcome`)
  const { kind, part = ofPart, index, element, name, destination } = link as Readonly<Record<string, unknown>>
  if (kind === 'skipped') return []
  optionChecks.oneOf(kind, `${path}.kind`, ['tracked', 'skipped'])
  return [
    {
      part: optionChecks.oneOf(part, `${path}.part`, ['html', 'text']) as 'html' | 'text',
      index: optionChecks.integer(index, `${path}.index`, 0, 2_147_483_647),
      element: optional(element, `${path}.element`, checkText),
      name: name === null ? null : optional(name, `${path}.name`, checkText),
      destination: checkText(destination, `${path}.destination`),
    },
  ]
}
