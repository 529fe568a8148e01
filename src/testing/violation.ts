/**
 * What checkFidelity finds. Beside each kind stands what a person is told.
 *
 * @example
 * import { violationKinds } from 'mailtrace/testing'
 *
 * console.log(violationKinds.destination) // a link leads elsewhere
 */
export const violationKinds = {
  changed: 'a text, a tag or an attribute is not what it was',
  'link-count': 'links were added or lost',
  destination: 'a link leads elsewhere',
  reference: 'a tracking URL belongs to another link or another message',
  'pixel-count': 'there is more than one pixel of a kind',
  'pixel-tag': 'the pixel is not as mailtrace writes it',
  'pixel-place': 'the pixel stands where it is not shown, or not where it belongs',
  tree: 'the pixel moves or changes something else',
  frame: 'a header, a part that is no text, or what stands between parts is not what it was',
} as const

export type ViolationKind = keyof typeof violationKinds

/** A half-open range: UTF-16 code units of a string, bytes of a `Uint8Array`. */
export type TextRange = readonly [start: number, end: number]

/** One thing that is not as it should be. */
export interface Violation {
  readonly kind: ViolationKind
  /** Where it stood in the original, and where it stands in the instrumented email. */
  readonly place: { readonly original: TextRange; readonly instrumented: TextRange }
  /** What was there, cut at 200 characters. */
  readonly was: string
  /** What is there, cut at 200 characters. */
  readonly is: string
}
