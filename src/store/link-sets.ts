import { optionChecks } from '../checks.ts'
import { twinsOf } from '../engagement/link-twins.ts'
import { checkText, optional } from './check-options.ts'
import type { MessageLink } from './message-link.ts'

/** The tracked links of a mail, and what the judge asks of them. */
export interface LinkSet {
  readonly links: readonly MessageLink[]
  readonly size: number
  readonly twins: readonly (readonly [index: number, button: number])[]
}

/** `null` for a mail without tracked links. */
export function readLinks(given: unknown, path: string): LinkSet | null {
  const links = optionChecks.list(given, path).flatMap((link, at) => readLink(link, `${path}[${at}]`))
  if (links.length === 0) return null
  const html = links.filter(({ part }) => part === 'html')
  // A reader sees one of the two parts.
  const size = html.length > 0 ? html.length : links.length
  const twins = [...twinsOf(html.map((link) => ({ ...link, element: link.element ?? undefined })))]
    .filter(([link, button]) => link !== button)
    .map(([link, button]) => [link.index, button.index] as const)
  return { links, size, twins }
}

function readLink(link: unknown, path: string): MessageLink[] {
  if (typeof link !== 'object' || link === null) throw optionChecks.error(`${path} is no link: use those of an outcome`)
  const { kind, part = 'html', index, element, name, destination } = link as Readonly<Record<string, unknown>>
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
