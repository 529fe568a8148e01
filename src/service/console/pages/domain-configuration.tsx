import { type ClickMode, clickModes, type OpenMode, openModes } from '../../../config/tracking-modes.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { Choices, HiddenToken } from '../parts/form.tsx'
import { modeOf, modeText } from '../text/mode-texts.ts'
import type { DomainPageProps } from './domain-page.tsx'
import { VersionField } from './version-field.tsx'

export interface ConfigurationChoice {
  readonly openTracking: OpenMode | false
  readonly clickTracking: ClickMode | false
}

const choicesOf = (modes: readonly OpenMode[]) =>
  [false as const, ...modes].map((mode) => ({ value: mode === false ? 'off' : mode, ...modeText(mode) }))

const valueOfMode = (mode: OpenMode | false): string => (mode === false ? 'off' : mode)

export const ConfigurationCard = ({ visit, domain, choice = null }: DomainPageProps): Html => {
  const openTracking = choice?.openTracking ?? modeOf(domain.config.openTracking)
  const clickTracking = choice?.clickTracking ?? modeOf(domain.config.clickTracking)
  return (
    <Card
      id="configuration"
      title="Configuration"
      foot="These are ceilings: a message or a recipient can lower them, never raise them. Leave tracking off for sign-in links, resets and one-time codes."
    >
      {visit.canWrite ? (
        <form method="post" action={domainPath(domain.id, '/configuration')}>
          <HiddenToken visit={visit} />
          <VersionField domain={domain} />
          <div class="columns">
            <Choices
              legend="Open tracking"
              name="open"
              chosen={valueOfMode(openTracking)}
              choices={choicesOf(openModes)}
            />
            <Choices
              legend="Click tracking"
              name="click"
              chosen={valueOfMode(clickTracking)}
              choices={choicesOf(clickModes)}
            />
          </div>
          <p class="actions form-end">
            <button type="submit" class="button main">
              Save configuration
            </button>
          </p>
        </form>
      ) : (
        <dl class="facts">
          <dt>Open tracking</dt>
          <dd>
            <span class="strong">{modeText(openTracking).name}.</span> {modeText(openTracking).what}
          </dd>
          <dt>Click tracking</dt>
          <dd>
            <span class="strong">{modeText(clickTracking).name}.</span> {modeText(clickTracking).what}
          </dd>
        </dl>
      )}
    </Card>
  )
}
