import type { Store } from '../../store/index.ts'
import type { MintedMessage } from './make-copy.ts'

/** Keeps a copy in the store: stored references lead somewhere by it, and its clicks and opens are counted. */
export async function saveMinted(store: Pick<Store, 'saveMessage'>, minted: MintedMessage): Promise<void> {
  const { domain, campaignRef, recipients, time, subject, messageRef, activation, issuedAt, links } = minted
  const outcome = {
    messageRef,
    activation,
    issuedAt,
    links: links.map(({ element, ...link }) => ({ kind: 'tracked', ...link, element: element ?? undefined }) as const),
  }
  const [recipient, another] = recipients
  await store.saveMessage(outcome, {
    domain,
    campaign: campaignRef ?? undefined,
    // A reference that several share, or none, is nobody's.
    recipient: another === undefined && messageRef !== null ? recipient : undefined,
    sentAt: time,
    subject: subject ?? undefined,
  })
}
