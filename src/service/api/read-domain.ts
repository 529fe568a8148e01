import { checkDomain } from '../../config/domain-config.ts'
import { type ClickMode, clickModes, type OpenMode, openModes } from '../../config/tracking-modes.ts'
import { MailtraceError, quote } from '../../errors.ts'
import type { DomainSettings } from '../domain-actions.ts'
import { type Fields, invalid, readFields } from './read-body.ts'
import { refuse } from './refuse.ts'

const settingFields = ['open_tracking', 'click_tracking', 'tracking_subdomain']
/** What Resend's clients send for sending: it is taken, and changes nothing here. */
const sendingFields = ['region', 'custom_return_path', 'capabilities', 'tls']

/** The body of `POST /domains`. */
export async function readNewDomain(request: Request): Promise<DomainSettings & { readonly name: string }> {
  const fields = await readFields(request, ['name', ...settingFields, ...sendingFields])
  const { name } = fields
  if (name === undefined || name === null) {
    refuse({
      status: 422,
      name: 'missing_required_field',
      message: 'name is missing: use the sending domain, like "example.com"',
    })
  }
  const settings = readSettings(fields)
  // No tracking domain yet, where null is the word for it.
  return { name: readName(name), ...settings, host: settings.host ?? undefined }
}

/** The body of `PATCH /domains/:id`. */
export async function readDomainChange(request: Request): Promise<DomainSettings> {
  return readSettings(await readFields(request, [...settingFields, ...sendingFields]))
}

function readSettings(fields: Fields): DomainSettings {
  const { open_tracking: open, click_tracking: click, tracking_subdomain: host } = fields
  if (host !== undefined && host !== null && typeof host !== 'string') {
    invalid(422, `tracking_subdomain is ${quote(host)}: use a label like "links", or a full host`)
  }
  return {
    openTracking: readMode<OpenMode>(open, 'open_tracking', openModes),
    clickTracking: readMode<ClickMode>(click, 'click_tracking', clickModes),
    host,
  }
}

function readMode<Mode extends OpenMode>(
  value: unknown,
  field: string,
  modes: readonly Mode[],
): boolean | Mode | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  const mode = modes.find((known) => known === value)
  if (mode === undefined) invalid(422, `${field} is ${quote(value)}: use true, false or one of ${modes.join(', ')}`)
  return mode
}

/** In its canonical form. */
function readName(name: unknown): string {
  try {
    return checkDomain({ name: name as string, openTracking: false, clickTracking: false, trackingDomains: [] }).name
  } catch (error) {
    if (error instanceof MailtraceError) invalid(422, error.message)
    throw error
  }
}
