import { MailtraceError, quote } from '../../errors.ts'
import type { Store } from '../../store/create-store.ts'
import type { SaveCampaignOptions } from '../../store/messages.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { invalid, readFields, readJson } from './read-body.ts'

/** In bytes: some thousands of messages, or a mail that is as long as they get. */
const maxBytes = 10_485_760

const campaignFields = ['domain', 'campaign', 'subject', 'html', 'links']
const messageFields = ['outcome', 'details']

type Messages = Parameters<Store['saveMessages']>[0]

/** For applications that send with the library and keep what they sent here: the store's own calls, as JSON. */
export function saveEndpoints({ store, now }: CheckedServiceOptions): readonly Endpoint[] {
  /** Whatever else is said of it, mail is saved for a domain of one's own. */
  async function checkOwn(owner: string, name: unknown): Promise<void> {
    const domain = typeof name === 'string' ? await store.domainByName({ owner, name }) : null
    if (domain === null) invalid(422, `domain is ${quote(name)}, which is none of yours: use the name of one`)
  }

  async function campaign({ request, identity: { owner } }: Call): Promise<Response> {
    const fields = await readFields(request, campaignFields, maxBytes)
    await checkOwn(owner, fields.domain)
    // The store checks what is in them.
    await checked(() => store.saveCampaign({ ...(fields as Omit<SaveCampaignOptions, 'now'>), owner, now: now() }))
    return Response.json({ object: 'campaign', campaign: fields.campaign }, { status: 201 })
  }

  async function messages({ request, identity: { owner } }: Call): Promise<Response> {
    const body = await readJson(request, maxBytes)
    const list = Array.isArray(body) ? body : [body]
    const names = list.map((message, index) => domainNameOf(message, index))
    for (const name of new Set(names)) await checkOwn(owner, name)
    await checked(() => store.saveMessages(list as Messages))
    return Response.json({ object: 'messages', saved: list.length }, { status: 201 })
  }

  return [
    { method: 'POST', path: '/campaigns', access: 'write', answer: campaign },
    { method: 'POST', path: '/messages', access: 'write', answer: messages },
  ]
}

function domainNameOf(message: unknown, index: number): unknown {
  if (typeof message !== 'object' || message === null) {
    invalid(422, `message ${index} is ${quote(message)}: send { "outcome", "details" }, or a list of them`)
  }
  for (const key of Object.keys(message)) {
    if (!messageFields.includes(key)) {
      invalid(422, `message ${index} has a field ${quote(key)}: use ${messageFields.join(', ')}`)
    }
  }
  const { details } = message as { readonly details?: { readonly domain?: unknown } | null }
  return details?.domain
}

/** What the store refuses of what it was given stood in the body. */
async function checked(save: () => Promise<void>): Promise<void> {
  try {
    await save()
  } catch (error) {
    if (error instanceof MailtraceError && error.code === 'invalid-options') invalid(422, error.message)
    throw error
  }
}
