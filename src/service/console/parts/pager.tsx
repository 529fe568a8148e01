import type { Html } from '../../hono.ts'
import { listPath } from '../links.ts'

/** To the next page of a list, and back to its start. */
export const Pager = ({
  path,
  fields = {},
  after,
  next,
  name,
}: {
  readonly path: string
  readonly fields?: Readonly<Record<string, string | null>>
  readonly after: string | undefined
  readonly next: string | null
  /** What is listed: `campaigns`. */
  readonly name: string
}): Html | null =>
  after === undefined && next === null ? null : (
    <nav class="pager" aria-label={`Pages of ${name}`}>
      {after === undefined ? <span></span> : <a href={listPath(path, fields)}>First page</a>}
      {next === null ? null : <a href={listPath(path, { ...fields, after: next })}>More {name}</a>}
    </nav>
  )
