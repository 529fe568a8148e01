// The second traffic generator, of another shape: organisations with one gateway each and people who read in sessions. Written
// before the rules, from sources that the first one does not use. It judges the rules. They were changed because of it once: people who
// open all links of a short mail made two facts of one. Machines make 86 to 96 % of clicks here, more than any account says.
//
// - Gateways click from milliseconds to 30 min after sending, late ones out of quarantine or a queue: suped.com, "How long does it
//   typically take for anti-spam bots to click links". Here a Weibull delay (shape 0.9) whose scale differs by organisation.
// - They follow links in a fixed or any order, one per host or all, some the text part too; several fetchers share the work, each
//   with its own time a link: Barracuda's "multilevel intent" follows what it has not seen, its addresses are many and change
//   (campus.barracuda.com, "Unwanted link clicks"). Not all links: mautic/mautic#16263.
// - Marketo's "proximity pattern" counts two activities at 0 to 3 s as a machine's: such bursts are in it, people's too.
// - 10 to 30 % of a company's clicks are machines' by one account, 75 % by another (omnivery.com): so it differs by organisation.
// - People branch: the number of links opened from one page has a power law (Huang and White, "Parallel browsing behavior on the
//   web", 2010). Gaps between them are gamma-like: looking, pointing and clicking takes 0.3 s at the least.
// - They read in working hours, three of four on the first day (denis-test.com: 74 % of clicks on the day of sending).
// - Gmail's proxy loads at 9 to 26 s by itself, Apple's at any hour.

import { type Chance, createChance } from './chance.ts'
import { type Client, type Request, recordRequests, type SimulatedMessage } from './traffic.ts'

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute
const morning = Date.UTC(2026, 9, 12, 8)

const chromes = [141, 143, 144, 145, 146]
const windows = (chance: Chance) =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chance.pick(chromes)}.0.0.0 Safari/537.36`
const phone = (chance: Chance) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS 18_${chance.whole(0, 6)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1`
const address = (chance: Chance) =>
  `2001:db8:${chance.whole(0, 65535).toString(16)}:${chance.whole(0, 65535).toString(16)}::1`

interface Gateway {
  readonly delayScaleMs: number
  readonly fetchers: number
  readonly fetchMs: number
  readonly share: number
  readonly shuffles: boolean
  readonly textToo: boolean
  readonly opens: boolean
  readonly fleet: readonly Client[]
  readonly rescans: number
}

interface Organisation {
  readonly gateway: Gateway | null
  readonly addresses: boolean
  readonly mode: 'full' | 'identified'
}

function organisation(chance: Chance): Organisation {
  const addresses = chance.is(0.6)
  const mode = chance.is(0.2) ? 'identified' : 'full'
  if (chance.is(0.55)) return { gateway: null, addresses, mode }
  const names = chance.is(0.5) ? [windows(chance)] : [windows(chance), windows(chance), phone(chance)]
  return {
    addresses,
    mode,
    gateway: {
      delayScaleMs: chance.between(15, 240) * second,
      fetchers: chance.pick([1, 1, 2, 4, 8, 16]),
      fetchMs: chance.pick([15, 60, 150, 400, 900, 1800]),
      share: chance.pick([1, 1, 1, 1, 0.7, 0.4]),
      shuffles: chance.is(0.5),
      textToo: chance.is(0.2),
      opens: chance.is(0.35),
      fleet: Array.from({ length: chance.pick([1, 1, 2, 6, 40]) }, () => ({
        userAgent: chance.pick(names),
        address: address(chance),
      })),
      rescans: chance.pick([0, 0, 0, 0.1, 0.5]),
    },
  }
}

export function officeTraffic(seed: number, organisations = 40, mailsEach = 10): SimulatedMessage[] {
  const chance = createChance(seed * 7919 + 13)
  return Array.from({ length: organisations }, (_, number) => {
    const office = organisation(chance)
    return Array.from({ length: mailsEach }, (_, mail) => oneMail(chance, office, `b${seed}-${number}-${mail}`))
  }).flat()
}

function oneMail(chance: Chance, { gateway, addresses, mode }: Organisation, messageRef: string): SimulatedMessage {
  const links = Math.min(40, Math.max(1, Math.round(chance.lognormal(5, 0.9))))
  const issuedAt = morning + Math.round(chance.between(0, 3 * 60) * minute)
  const sentAt = issuedAt + Math.round(chance.between(0, 20) * second)
  const requests: Request[] = []
  if (gateway !== null) {
    scan(chance, gateway, links, sentAt, requests)
    if (chance.is(gateway.rescans))
      scan(chance, gateway, links, sentAt + chance.between(0.2, 40) * 60 * minute, requests)
  }
  for (let reader = chance.is(0.5) ? 1 : 0; reader > 0; reader--) {
    read(chance, links, sentAt, requests)
    if (chance.is(0.06)) reader++
  }
  return { sentAt, issuedAt, links, events: recordRequests(messageRef, issuedAt, requests, { mode, addresses }) }
}

/** Fetchers take one link after another off the same list. */
function scan(chance: Chance, gateway: Gateway, links: number, from: number, requests: Request[]): void {
  const start = from + 200 + gateway.delayScaleMs * (-Math.log(1 - chance.next())) ** (1 / 0.9)
  const parts = gateway.textToo ? (['html', 'text'] as const) : (['html'] as const)
  const found = parts.flatMap((part) => Array.from({ length: links }, (_, index) => ({ part, index })))
  const inOrder = gateway.shuffles ? chance.shuffle(found) : found
  const wanted = inOrder.slice(0, Math.max(1, Math.round(found.length * gateway.share)))
  const free = Array.from({ length: gateway.fetchers }, () => start + chance.exponential(gateway.fetchMs / 4))
  const speed = wanted.length === 1 ? 'one link' : gateway.fetchMs / gateway.fetchers < 100 ? 'fast' : 'slow'
  const whole = gateway.share < 1 ? 'partial' : 'all links'
  const kind = speed === 'one link' ? 'gateway: one link' : `gateway: ${speed}, ${whole}`
  const first = chance.pick(gateway.fleet)
  if (gateway.opens) {
    const at = start - chance.exponential(8 * second)
    requests.push({ truth: 'machine', kind: 'gateway: open', client: first, at, link: null })
  }
  for (const link of wanted) {
    const fetcher = free.indexOf(Math.min(...free))
    requests.push({ truth: 'machine', kind, client: chance.pick(gateway.fleet), at: free[fetcher]!, link })
    free[fetcher]! += gateway.fetchMs * (chance.exponential(0.5) + chance.exponential(0.5))
  }
}

function read(chance: Chance, links: number, from: number, requests: Request[]): void {
  const onPhone = chance.is(0.4)
  const client = { userAgent: onPhone ? phone(chance) : windows(chance), address: address(chance) }
  const days = chance.is(0.74) ? 0 : Math.floor(chance.pareto(1, 1.3))
  let at =
    from +
    Math.min(days, 60) * day +
    (days === 0 ? chance.exponential(2.5 * 60 * minute) : chance.between(0, 9 * 60) * minute)
  if (chance.is(0.5)) {
    const proxyAt = chance.is(0.6) ? from + chance.exponential(6 * 60 * minute) : at
    const apple = chance.is(0.65)
    const userAgent = apple
      ? 'Mozilla/5.0'
      : 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0 (via ggpht.com GoogleImageProxy)'
    const loaded = apple ? proxyAt : chance.is(0.2) ? from + chance.between(9, 26) * second : at
    requests.push({
      truth: 'proxy',
      kind: apple ? 'proxy: apple' : 'proxy: gmail',
      client: { userAgent, address: address(chance) },
      at: loaded,
      link: null,
    })
  } else if (chance.is(0.7)) {
    requests.push({ truth: 'person', kind: 'people: open', client, at, link: null })
  }
  at += chance.between(2, 40) * second
  if (!chance.is(0.45)) return
  // A phone's mail program leaves for the browser at each link: no tabs.
  const branching = onPhone ? 1 : Math.min(links, Math.floor(chance.pareto(1, 1.6)), 12)
  const chosen = chance.shuffle(Array.from({ length: links }, (_, index) => index)).slice(0, branching)
  const hurried = chance.is(0.4)
  const kind =
    branching === 1
      ? 'people: one click'
      : branching > 3
        ? 'people: many tabs'
        : hurried
          ? 'people: tabs at once'
          : 'people: tabs'
  for (const index of chosen) {
    requests.push({ truth: 'person', kind, client, at, link: { part: 'html', index } })
    at += hurried
      ? 300 + chance.exponential(250) + chance.exponential(250)
      : 900 + chance.exponential(3 * second) + chance.exponential(9 * second)
  }
}
