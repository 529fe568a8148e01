import type { RemovalImpact } from '../../../domains/removal-impact.ts'
import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { HiddenToken } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Copied } from '../parts/small.tsx'
import type { Visit } from '../visit.ts'

export const RemovalPage = ({
  visit,
  domain,
  impact,
  isRefused = false,
}: {
  readonly visit: Visit
  readonly domain: StoredDomain
  readonly impact: RemovalImpact
  /** The box was not ticked. */
  readonly isRefused?: boolean
}): Html => {
  const { name } = domain.config
  const breaks = impact.hosts.length > 0
  return (
    <Page
      visit={visit}
      section="/domains"
      title={`Remove ${name}?`}
      crumbs={[
        { href: '/domains', name: 'Domains' },
        { href: domainPath(domain.id), name },
      ]}
    >
      {breaks ? (
        <Notice tone="warn" title="Links in sent mail will break unless you act first">
          <p>{sentence(impact.message)}</p>
        </Notice>
      ) : (
        <Notice tone="good">{sentence(impact.message)}. It can be removed safely.</Notice>
      )}
      {breaks ? (
        <Card id="first" title="Put in place first">
          <ol class="steps">
            {impact.hosts.map(({ host, cnameTarget, todo }) => (
              <li>
                <div>
                  <p class="strong mono">{host}</p>
                  <p>{sentence(todo)}.</p>
                  {cnameTarget === null ? null : <Copied text={cnameTarget} what={`the target of ${host}`} />}
                </div>
              </li>
            ))}
          </ol>
          <p class="hint">
            The receiver goes on knowing {impact.receiverMustKeep.hosts.join(', ')} for links that were sent.
          </p>
        </Card>
      ) : null}
      <Card id="confirm" title="Remove">
        <form method="post" action={domainPath(domain.id, '/remove')} class="stack">
          <HiddenToken visit={visit} />
          {breaks ? (
            <div>
              <label class="check">
                <input
                  type="checkbox"
                  name="acknowledged"
                  value="yes"
                  aria-describedby={isRefused ? 'acknowledge-error' : undefined}
                  aria-invalid={isRefused ? 'true' : undefined}
                  autofocus={isRefused}
                />
                I have put this in place, or accept that these links break.
              </label>
              {isRefused ? (
                <p class="error" id="acknowledge-error" role="alert">
                  Tick this box first: nothing was removed.
                </p>
              ) : null}
            </div>
          ) : null}
          <p class="actions">
            <button type="submit" class="button danger">
              Remove {name}
            </button>
            <a class="button" href={domainPath(domain.id)}>
              Keep it
            </a>
          </p>
        </form>
      </Card>
    </Page>
  )
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
