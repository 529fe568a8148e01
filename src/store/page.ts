/** Some of many, and how to go on. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** What to give as `after` for the next page; `null` where there is none. */
  readonly next: string | null
}
