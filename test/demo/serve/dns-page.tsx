import { Card, Empty } from '../../../src/service/console/parts/card.tsx'
import { Badge } from '../../../src/service/console/parts/small.tsx'
import type { Html } from '../../../src/service/hono.ts'
import { DemoPage } from './demo-page.tsx'
import type { DemoState } from './demo-state.ts'

export const DnsPage = ({ state: { domain, records } }: { readonly state: DemoState }): Html => (
  <DemoPage
    path="/demo/dns"
    title="Your DNS provider"
    lead="The place where you bought your domain. What you publish here, a DNS server on this machine answers, and the console asks it."
    aside={<span class="pretend">pretend</span>}
  >
    <Card id="zone" title={domain === null ? 'Zone' : `Zone of ${domain.config.name}`}>
      {records.length === 0 ? (
        <Empty icon="domains" title="No record is needed yet">
          <p>Set a tracking domain in the console first: it then says which record to publish.</p>
          <p class="actions">
            <a class="button main" href="/domains">
              Open the console
            </a>
          </p>
        </Empty>
      ) : (
        <div class="records">
          {records.map(({ name, value, isPublished }) => (
            <article class="record" aria-label={`Record of ${name}`}>
              <div class="record-head">
                <h3>{name}</h3>
                <Badge tone={isPublished ? 'good' : 'neutral'}>{isPublished ? 'Published' : 'Not published'}</Badge>
              </div>
              <dl class="facts">
                <dt>Type</dt>
                <dd class="mono">CNAME</dd>
                <dt>Value</dt>
                <dd class="mono">{value}</dd>
              </dl>
              <form method="post" action="/demo/dns" class="actions form-end">
                <input type="hidden" name="name" value={name} />
                <input type="hidden" name="publish" value={isPublished ? 'no' : 'yes'} />
                <button type="submit" class={isPublished ? 'button' : 'button main'}>
                  {isPublished ? 'Take it away again' : 'Publish this record'}
                </button>
                {isPublished && domain !== null ? (
                  <a class="button main" href={`/domains/${domain.id}#records`}>
                    Verify it in the console
                  </a>
                ) : null}
              </form>
            </article>
          ))}
        </div>
      )}
    </Card>
  </DemoPage>
)
