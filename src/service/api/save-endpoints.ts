import { MailtraceError, quote } from '../../errors.ts'
import type { Store } from '../../store/create-store.ts'
import type { SaveCampaignOptions } from '../../store/messages.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { type Fields, invalid, readFields, readJson } from './read-body.ts'

/** In bytes: some thousands of messages, or a mail that is as long as they get. */
const maxBytes = 10_485_760

/** In one request, which is one statement: others wait for it meanwhile. */
const maxMessages = 1_000

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
    if (list.length > maxMessages)
      invalid(422, `these are ${list.length} messages: send at most ${maxMessages} at once`)
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

/** What the store takes for granted, as its callers' compiler sees to it. */
function domainNameOf(message: unknown, index: number): unknown {
  const { outcome, details } = object(message, `message ${index}`, messageFields)
  object(object(outcome, `message ${index}: outcome`).activation, `message ${index}: outcome.activation`)
  return object(details, `message ${index}: details`).domain
}

function object(value: unknown, path: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    invalid(422, `${path} is ${quote(value)}: send an object`)
  }
  const unknown = Object.keys(value).find((key) => known?.includes(key) === false)
  if (unknown !== undefined) invalid(422, `${path} has a field ${quote(unknown)}: use ${known!.join(', ')}`)
  return value as Fields
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
