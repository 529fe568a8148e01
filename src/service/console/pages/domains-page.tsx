import { trackingActivation } from '../../../config/activation.ts'
import type { Page as PageOf } from '../../../store/page.ts'
import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card, Empty } from '../parts/card.tsx'
import { HiddenToken, TextField } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Badge } from '../parts/small.tsx'
import { modeOf, modeText } from '../text/mode-texts.ts'
import { inactiveTexts } from '../text/status-texts.ts'
import type { Visit } from '../visit.ts'

/** What was typed, and why it was refused. */
export interface Refused {
  readonly value: string
  readonly error: string
}

export const DomainsPage = ({
  visit,
  domains,
  after,
  refused = null,
  isAfterRemoval = false,
}: {
  readonly visit: Visit
  readonly domains: PageOf<StoredDomain>
  readonly after: string | undefined
  readonly refused?: Refused | null
  readonly isAfterRemoval?: boolean
}): Html => (
  <Page
    visit={visit}
    section="/domains"
    title="Domains"
    lead="The domains you send from, and how far their mail is tracked."
  >
    {isAfterRemoval ? (
      <Notice tone="good" isNews>
        The domain was removed. Its hosts go on answering, as long as they lead to the receiver.
      </Notice>
    ) : null}
    <section class="card" aria-label="Your domains">
      {domains.items.length === 0 ? (
        <Empty icon="domains" title="No domain yet">
          <p>
            Add the domain that stands behind the @ of your From address. You then choose what is tracked and the host
            name that links lead through.
          </p>
        </Empty>
      ) : (
        <DomainTable domains={domains.items} />
      )}
      <Pager path="/domains" after={after} next={domains.next} name="domains" />
    </section>
    {visit.canWrite ? <AddDomain visit={visit} refused={refused} /> : null}
  </Page>
)

export const DomainTable = ({ domains }: { readonly domains: readonly StoredDomain[] }): Html => (
  <table>
    <caption class="unseen">Domains</caption>
    <thead>
      <tr>
        <th scope="col">Domain</th>
        <th scope="col">Tracking</th>
        <th scope="col" class="wide">
          Opens
        </th>
        <th scope="col" class="wide">
          Clicks
        </th>
        <th scope="col" class="wide">
          Tracking domain
        </th>
      </tr>
    </thead>
    <tbody>
      {domains.map(({ id, config }) => {
        const activation = trackingActivation(config)
        return (
          <tr>
            <th scope="row">
              <a href={domainPath(id)}>{config.name}</a>
            </th>
            <td>
              <Badge tone={activation.active ? 'good' : 'warn'}>
                {activation.active ? 'Active' : inactiveTexts[activation.reason].name}
              </Badge>
            </td>
            <td class="wide">{modeText(modeOf(config.openTracking)).name}</td>
            <td class="wide">{modeText(modeOf(config.clickTracking)).name}</td>
            <td class="wide mono">
              {activation.active
                ? activation.host
                : (config.trackingDomains.at(-1)?.host ?? <span class="soft">none</span>)}
            </td>
          </tr>
        )
      })}
    </tbody>
  </table>
)

const AddDomain = ({ visit, refused }: { readonly visit: Visit; readonly refused: Refused | null }): Html => (
  <Card id="add" title="Add a domain">
    <form method="post" action="/domains" class="inline-form">
      <HiddenToken visit={visit} />
      <TextField
        id="domain-name"
        name="name"
        label="Sending domain"
        help="The part behind the @ of your From address."
        value={refused?.value ?? ''}
        placeholder="example.com"
        error={refused?.error ?? null}
      />
      <button type="submit" class="button main">
        Add domain
      </button>
    </form>
  </Card>
)
