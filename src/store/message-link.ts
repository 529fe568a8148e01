/** A tracked link as the store keeps it. */
export interface MessageLink {
  readonly part: 'html' | 'text'
  readonly index: number
  readonly element: string | null
  readonly name: string | null
  readonly destination: string
}
