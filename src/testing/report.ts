import type { HtmlSource } from './html-source.ts'
import type { TextRange, Violation, ViolationKind } from './violation.ts'

const maxShown = 200

/** Collects violations. */
export interface Report {
  /** Without `is` and `was`, what stands in the ranges is reported. */
  add(kind: ViolationKind, original: TextRange, instrumented: TextRange, was?: string, is?: string): void
  /** In the order in which they stand in the instrumented email. */
  violations(): readonly Violation[]
}

export function createReport(before: HtmlSource, after: HtmlSource): Report {
  const found: Violation[] = []
  return {
    add(kind, original, instrumented, was = before.read(original), is = after.read(instrumented)) {
      found.push({ kind, place: { original, instrumented }, was: cut(was), is: cut(is) })
    },
    violations: () => found.sort((one, other) => one.place.instrumented[0] - other.place.instrumented[0]),
  }
}

const cut = (text: string): string => (text.length > maxShown ? `${text.slice(0, maxShown - 1)}…` : text)
