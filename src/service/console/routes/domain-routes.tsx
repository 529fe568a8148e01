import { clickModes, openModes } from '../../../config/tracking-modes.ts'
import { changeAllowedAt } from '../../../domains/configure-tracking-domain.ts'
import { removalImpact } from '../../../domains/removal-impact.ts'
import { MailtraceError } from '../../../errors.ts'
import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { DomainActions, DomainSelection } from '../../domain-actions.ts'
import type { CheckedServiceOptions } from '../../service-options.ts'
import type { ConsoleApp, ConsoleContext } from '../console-app.ts'
import { domainPath } from '../links.ts'
import { DomainPage, type DomainPageProps, type Done, doneTexts } from '../pages/domain-page.tsx'
import { DomainsPage, type Refused } from '../pages/domains-page.tsx'
import { NotFoundPage } from '../pages/plain-pages.tsx'
import { RemovalPage } from '../pages/removal-page.tsx'

export function addDomainPages(
  app: ConsoleApp,
  { store, changeIntervalMs }: CheckedServiceOptions,
  actions: DomainActions,
): void {
  const listDomains = async (context: ConsoleContext, refused: Refused | null = null) => {
    const { visit } = context.var
    const after = context.req.query('after')
    const domains = await store.domains({ owner: visit.identity.owner, after, limit: 50 })
    const isAfterRemoval = context.req.query('done') === 'removed'
    return (
      <DomainsPage visit={visit} domains={domains} after={after} refused={refused} isAfterRemoval={isAfterRemoval} />
    )
  }
  const find = (context: ConsoleContext): Promise<StoredDomain | null> => store.domain(keyIn(context))
  const page = (context: ConsoleContext, domain: StoredDomain, more: Partial<DomainPageProps> = {}) => (
    <DomainPage
      visit={context.var.visit}
      domain={domain}
      changeAllowedAt={changeAllowedAt(domain.config, { changeIntervalMs })}
      {...more}
    />
  )
  /** The domain as it is now, with what could not be saved. */
  const refuse = async (context: ConsoleContext, status: 409 | 422, more: Partial<DomainPageProps>) => {
    const domain = await find(context)
    return domain === null ? context.html(<NotFoundPage />, 404) : context.html(page(context, domain, more), status)
  }
  /** So that a reload sends nothing again. */
  const back = (context: ConsoleContext, domain: StoredDomain | null, done: Done) =>
    domain === null
      ? context.html(<NotFoundPage />, 404)
      : context.redirect(`${domainPath(domain.id)}?done=${done}`, 303)

  app.get('/domains', async (context) => context.html(await listDomains(context)))

  app.post('/domains', async (context) => {
    const { owner } = context.var.visit.identity
    const value = (context.var.form.get('name') ?? '').trim()
    try {
      return back(context, await actions.create({ owner, name: value }), 'added')
    } catch (error) {
      return context.html(await listDomains(context, { value, error: refusalText(error) }), 422)
    }
  })

  app.get('/domains/:id', async (context) => {
    const domain = await find(context)
    if (domain === null) return context.html(<NotFoundPage />, 404)
    const done = context.req.query('done')
    return context.html(page(context, domain, { done: isDone(done) ? done : null }))
  })

  app.post('/domains/:id/configuration', async (context) => {
    const { form } = context.var
    const openTracking = openModes.find((mode) => mode === form.get('open')) ?? false
    const clickTracking = clickModes.find((mode) => mode === form.get('click')) ?? false
    try {
      const domain = await actions.change(keyIn(context), { openTracking, clickTracking, version: versionIn(form) })
      return back(context, domain, 'configuration')
    } catch (error) {
      refuseUnless(error, 'version-conflict')
      return refuse(context, 409, { isConflict: true, choice: { openTracking, clickTracking } })
    }
  })

  app.post('/domains/:id/tracking-domain', async (context) => {
    const { form } = context.var
    const value = (form.get('host') ?? '').trim()
    try {
      return back(context, await actions.change(keyIn(context), { host: value, version: versionIn(form) }), 'host')
    } catch (error) {
      const isConflict = isCode(error, 'version-conflict')
      const text = isConflict ? 'Look at the domain as it is now, then try again.' : refusalText(error)
      return refuse(context, isConflict ? 409 : 422, { isConflict, refusedHost: { value, error: text } })
    }
  })

  app.post('/domains/:id/verify', async (context) => back(context, await actions.verify(keyIn(context)), 'verified'))

  app.get('/domains/:id/remove', async (context) => {
    const domain = await find(context)
    if (domain === null) return context.html(<NotFoundPage />, 404)
    return context.html(<RemovalPage visit={context.var.visit} domain={domain} impact={removalImpact(domain.config)} />)
  })

  app.post('/domains/:id/remove', async (context) => {
    const domain = await find(context)
    if (domain === null) return context.html(<NotFoundPage />, 404)
    const acknowledged = context.var.form.get('acknowledged') === 'yes'
    try {
      await actions.remove({ ...keyIn(context), acknowledged })
      return context.redirect('/domains?done=removed', 303)
    } catch (error) {
      refuseUnless(error, 'removal-unacknowledged')
      const impact = removalImpact(domain.config)
      return context.html(<RemovalPage visit={context.var.visit} domain={domain} impact={impact} isRefused />, 422)
    }
  })
}

const keyIn = (context: ConsoleContext): DomainSelection => ({
  owner: context.var.visit.identity.owner,
  id: context.req.param('id')!,
})

/** What a form was made from. One that does not say was made from none that there is. */
function versionIn(form: URLSearchParams): number {
  const version = Number(form.get('version'))
  return Number.isSafeInteger(version) && version > 0 ? version : Number.MAX_SAFE_INTEGER
}

const isDone = (text: string | undefined): text is Done => text !== undefined && Object.hasOwn(doneTexts, text)

const isCode = (error: unknown, code: MailtraceError['code']): boolean =>
  error instanceof MailtraceError && error.code === code

function refuseUnless(error: unknown, code: MailtraceError['code']): void {
  if (!isCode(error, code)) throw error
}

/** What the library says of a value, as a sentence; what is no refusal is not for the page. */
function refusalText(error: unknown): string {
  if (!(error instanceof MailtraceError)) throw error
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
}
