import type { Html } from '../../hono.ts'
import { Card } from './card.tsx'

/** The mail as its readers see it, with each link marked. What may run or load is for its own response to say. */
export const EmailCard = ({
  html,
  path,
  pagePath,
  loadsImages,
}: {
  readonly html: string | null
  /** Of the mail as a document of its own. */
  readonly path: (images: string | null) => string
  /** Of the page it is on. */
  readonly pagePath: (images: string | null) => string
  readonly loadsImages: boolean
}): Html =>
  html === null ? (
    <Card id="email" title="The email">
      <p class="hint">
        The mail itself was not saved, or was erased. Give <code>html</code> to <code>saveCampaign</code> to see it
        here, with the clicks on each link.
      </p>
    </Card>
  ) : (
    <Card
      id="email"
      title="The email, with its clicks"
      bare
      aside={
        <a class="button quiet" href={`${pagePath(loadsImages ? null : 'show')}#email`}>
          {loadsImages ? 'Hide remote images' : 'Show remote images'}
        </a>
      }
    >
      <ul class="marks">
        <li>
          <b>3: 12 clicks</b> tracked link, clicks by people
        </li>
        <li>
          <b class="skipped">4</b> not tracked; point at it to read why
        </li>
      </ul>
      <div class="frame">
        <iframe
          title="The email, with each link marked"
          src={path(loadsImages ? 'show' : null)}
          sandbox=""
          referrerpolicy="no-referrer"
          loading="lazy"
        ></iframe>
      </div>
    </Card>
  )
