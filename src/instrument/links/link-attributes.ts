import { attributeValue } from '../../html/attribute-value.ts'
import { createCursor, isAttributeNamed, nextAttribute, startWalk } from '../../html/attributes.ts'
import { normalizeName } from '../../html/characters.ts'
import type { Markup } from '../../html/markup.ts'
import { optOuts, optsOut } from './opt-outs.ts'

/** The attributes by which a sender names a link, ours before SparkPost's. */
export const linkNames: readonly string[] = ['data-link-name', 'data-msys-linkname']

/** What the attributes of a link say about tracking it. */
export interface LinkAttributes {
  readonly isOptedOut: boolean
  readonly name: string | null
}

/** For a link without any attribute that says something. */
export const silentAttributes: LinkAttributes = { isOptedOut: false, name: null }

/** Every attribute that says something, by the length of its name: most attributes are passed over by that alone. */
const vocabulary = [
  ...optOuts.map((optOut) => ({ name: optOut.name, optOut })),
  ...linkNames.map((name) => ({ name, optOut: null })),
]
type Word = (typeof vocabulary)[number]
const byLength: readonly (readonly Word[])[] = Array.from({ length: 32 }, (_, length) =>
  vocabulary.filter(({ name }) => name.length === length),
)
const noWords: readonly Word[] = []

/** Whether one of these attributes says anything, so that a link which has it needs a closer look. */
export function saysAnything(names: readonly string[]): boolean {
  return vocabulary.some(({ name }) => names.includes(name))
}

/** Reads the attributes of the tag whose name ends at `nameEnd`. */
export function readLinkAttributes(markup: Markup, nameEnd: number): LinkAttributes {
  let isOptedOut = false
  // Of attributes of one name the first counts, as everywhere in HTML.
  let seen: Map<string, string> | null = null
  const cursor = createCursor()
  startWalk(cursor, nameEnd)
  while (nextAttribute(markup.text, cursor)) {
    for (const { name, optOut } of byLength[cursor.nameEnd - cursor.nameStart] ?? noWords) {
      if (!isAttributeNamed(markup.text, cursor, name) || seen?.has(name)) continue
      const value = attributeValue(markup, cursor.valueStart, cursor.valueEnd)
      seen ??= new Map()
      seen.set(name, value)
      isOptedOut ||= optOut !== null && optsOut(optOut, value)
    }
  }
  if (seen === null) return silentAttributes
  return { isOptedOut, name: linkNames.map((name) => seen.get(name)).find((name) => name !== undefined) ?? null }
}

/** All attributes, names in lower case, values decoded. Of duplicates the first. */
export function readAllAttributes(markup: Markup, nameEnd: number): Readonly<Record<string, string>> {
  // Without a prototype: an attribute may well be called `__proto__`.
  const attributes: Record<string, string> = Object.create(null)
  const cursor = createCursor()
  startWalk(cursor, nameEnd)
  while (nextAttribute(markup.text, cursor)) {
    const name = normalizeName(markup.decode(markup.text.slice(cursor.nameStart, cursor.nameEnd)))
    if (!(name in attributes)) attributes[name] = attributeValue(markup, cursor.valueStart, cursor.valueEnd)
  }
  return attributes
}
