import type { Child, Html } from '../../hono.ts'
import { Icon, type IconName } from './icons.tsx'

/** A section with its heading, which names it for a screen reader. */
export const Card = ({
  id,
  title,
  aside,
  children,
  foot,
  bare = false,
}: {
  readonly id: string
  readonly title: string
  readonly aside?: Child
  readonly children?: Child
  readonly foot?: Child
  /** Without space around its content, as for a table. */
  readonly bare?: boolean
}): Html => (
  <section class="card" id={id} aria-labelledby={`${id}-title`}>
    <div class="card-head">
      <h2 id={`${id}-title`}>{title}</h2>
      {aside}
    </div>
    {bare ? children : <div class="card-body">{children}</div>}
    {foot === undefined ? null : <div class="card-foot">{foot}</div>}
  </section>
)

/** Nothing to show yet, and what to do about it. */
export const Empty = ({
  icon,
  title,
  children,
}: {
  readonly icon: IconName
  readonly title: string
  readonly children?: Child
}): Html => (
  <div class="empty">
    <Icon name={icon} />
    <h3>{title}</h3>
    {children}
  </div>
)
