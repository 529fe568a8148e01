import { type Counted, type Share, sharesOf } from './counted.ts'
import type { Plan } from './plan-message.ts'

type Sum = Share & { readonly domain: string; readonly campaign: string; readonly destination: string | null }

/** What changes in the rollups. */
export function sumShares(plans: readonly Plan[]): Sum[] {
  const destinations = destinationsOf(plans)
  const campaigns = new Map<string, { domain: string; campaign: string; shares: Map<string, Share> }>()
  const add = (domain: string, counted: Counted, sign: 1 | -1) => {
    const { campaign } = counted
    if (campaign === null) return
    const key = JSON.stringify([domain, campaign])
    const { shares } = campaigns.get(key) ?? { shares: new Map<string, Share>() }
    campaigns.set(key, { domain, campaign, shares })
    for (const share of sharesOf(counted)) {
      const name = `${share.scope} ${share.key} ${share.actor} ${share.type}`
      const { total, messages } = shares.get(name) ?? { total: 0, messages: 0 }
      const sum = { total: total + sign * share.total, messages: messages + sign * share.messages }
      shares.set(name, { ...share, ...sum })
    }
  }
  for (const { task, before, after } of plans) {
    add(task.domain, before, -1)
    add(task.domain, after, 1)
  }
  return [...campaigns].flatMap(([place, { domain, campaign, shares }]) =>
    [...shares.values()]
      .filter(({ total, messages }) => total !== 0 || messages !== 0)
      .map((share) => {
        const destination = share.scope === 'link' ? destinations.get(`${place} ${share.key}`) : undefined
        return { domain, campaign, ...share, destination: destination ?? null }
      }),
  )
}

/** Where the links led that were clicked: for those of mails that were not saved, or of whose text part nothing is known. */
function destinationsOf(plans: readonly Plan[]): Map<string, string | null> {
  const clicks = plans.flatMap(({ inserted }) => inserted.filter(({ type }) => type === 'click'))
  return new Map(
    clicks.map(({ domain, campaign, part, link_index, destination }) => [
      `${JSON.stringify([domain, campaign])} ${part} ${link_index}`,
      destination,
    ]),
  )
}

interface MetCampaign {
  readonly domain: string
  readonly campaign: string
  readonly created_at: number
  readonly last_event_at: number
}

/** Campaigns of which events came, with the latest time of one; they need not have been saved. */
export function metBy(plans: readonly Plan[]): MetCampaign[] {
  const met = new Map<string, MetCampaign>()
  for (const { task, campaign, lastEventAt, inserted } of plans) {
    if (campaign === null || lastEventAt === null) continue
    const key = JSON.stringify([task.domain, campaign])
    const created_at = inserted[0]!.issued_at ?? inserted[0]!.time
    const known = met.get(key)
    met.set(key, {
      domain: task.domain,
      campaign,
      created_at: Math.min(created_at, known?.created_at ?? created_at),
      last_event_at: Math.max(lastEventAt, known?.last_event_at ?? 0),
    })
  }
  return [...met.values()]
}
