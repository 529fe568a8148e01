import type { Child, Html } from '../../hono.ts'
import type { Tone } from '../text/status-texts.ts'

/** Something to read first. */
export const Notice = ({
  tone,
  title,
  children,
  isNews = false,
}: {
  readonly tone: Tone
  readonly title?: string
  readonly children?: Child
  /** What became of a form: the focus goes there, as a screen reader would else begin with the navigation. */
  readonly isNews?: boolean
}): Html => (
  <div
    class={`notice ${tone}`}
    role={tone === 'bad' ? 'alert' : 'status'}
    tabindex={isNews ? -1 : undefined}
    autofocus={isNews}
  >
    {title === undefined ? null : <p class="strong">{title}</p>}
    {children}
  </div>
)
