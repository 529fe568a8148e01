import type { Child, Html } from '../../hono.ts'
import type { Tone } from '../text/status-texts.ts'

/** Something to read first. Trouble is told at once, anything else when the reader pauses. */
export const Notice = ({
  tone,
  title,
  children,
  id,
}: {
  readonly tone: Tone
  readonly title?: string
  readonly children?: Child
  readonly id?: string
}): Html => (
  <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'} id={id}>
    {title === undefined ? null : <p class="strong">{title}</p>}
    {children}
  </div>
)
