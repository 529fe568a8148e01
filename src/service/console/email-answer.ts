import { emailDocument } from '../../inspection/framed-email.ts'
import type { CampaignDetail, MessageDetail } from '../../store/numbers.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import { markLinks } from './click-map.ts'
import type { ConsoleContext } from './console-app.ts'
import { isOwnVisit } from './same-origin.ts'
import { emailHeaders } from './security-headers.ts'

/** Whether remote images are to be loaded: only where somebody asked for them here, not by a link from elsewhere. */
export const wantsImages = ({ req }: ConsoleContext): boolean => req.query('images') === 'show' && isOwnVisit(req.raw)

/** What is read of a campaign or a message. */
type Shown = Pick<CampaignDetail, 'html' | 'links' | 'summary' | 'domain'> & Partial<Pick<MessageDetail, 'modes'>>

/** An email as a document of its own, for the frame of a page. Hostile: its headers keep it where it is. */
export async function answerEmail(
  context: ConsoleContext,
  { store }: CheckedServiceOptions,
  { html, links, summary, domain: name, modes }: Shown,
): Promise<Response> {
  if (html === null) return context.body(null, 404)
  const loadsImages = wantsImages(context)
  const stored = await store.domainByName({ owner: context.var.visit.identity.owner, name })
  const domain = stored?.config ?? { name, trackingDomains: [] }
  const marks = markLinks({ html, links, summary, domain, isTracked: modes?.click !== false })
  return new Response(emailDocument(html, marks, { loadsImages }), { headers: emailHeaders(loadsImages) })
}
