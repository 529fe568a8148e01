// The first traffic generator: message by message, with the figures that were published. Written before the rules.
//
// - Bursts of gateways, from sending: putyourlightson/craft-campaign#546 (836 bursts): 0.5 % within 10 s, 2.2 % from 10 to 20 s,
//   66.4 % from 20 to 60 s, 28.3 % from 1 to 5 min, 1.9 % from 5 to 30 min, 0.7 % from 1 to 24 h; 9 or 10 links in less than a
//   second; the pixel is loaded before, a median of 9 s after sending, 84 % within 20 s. Some say "Python Requests".
// - Links a few ms apart, with a browser's name; beside them single hits of the same fleet: MillionSend/millionsend#22.
// - Slow gateways, about a second a link, 7 or 8 links: mautic/mautic#9798. Bursts up to 5 min late, and again when the mail is
//   forwarded, and the same mail with one link: anymail/django-anymail#200. Followed again from elsewhere 12 s later:
//   resend/resend-node#901. Another system and address for each request: mautic/mautic#16263.
// - People's clicks after sending: GetResponse 2020 (5.5 billion mails): 33.6 % in the first hour, 51.4 % in three, 81 % in 24.
//   A lognormal with a median of 10,000 s and a sigma of 2.43 has these three.
// - Machines' share of clicks: Omnivery 2026: over a half to consumers, three quarters to companies. Here 58 to 90 %, by seed.
// - Open proxies: Apple's about half of opens, Gmail's about a third (Litmus' market share, 2024).
// Not published, so assumed, and varied by seed: how quickly people open tabs (0.2 to 1.5 s between clicks), how many do.

import { type Chance, createChance } from './chance.ts'
import { type Client, type Request, recordRequests, type SimulatedMessage } from './traffic.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const sending = Date.UTC(2026, 8, 7, 9)

const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0',
]
const desktopMail = [
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0',
]
const proxies = {
  apple: 'Mozilla/5.0',
  gmail: 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  yahoo: 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
}

/** What differs from seed to seed. */
interface World {
  readonly gatewayShare: number
  readonly clickShare: number
  readonly tabShare: number
  readonly digestShare: number
  readonly tabGapMs: number
  readonly addressShare: number
  readonly identifiedShare: number
  readonly sameAddressShare: number
}

export function mixedTraffic(seed: number, messages = 400): SimulatedMessage[] {
  const chance = createChance(seed)
  const world: World = {
    gatewayShare: chance.between(0.05, 0.35),
    clickShare: chance.between(0.15, 0.6),
    tabShare: chance.between(0.05, 0.2),
    digestShare: chance.between(0.01, 0.06),
    tabGapMs: chance.between(350, 900),
    addressShare: chance.between(0.3, 0.9),
    identifiedShare: chance.between(0, 0.3),
    sameAddressShare: chance.between(0, 0.3),
  }
  return Array.from({ length: messages }, (_, number) => oneMessage(chance, world, `a${seed}-${number}`))
}

function oneMessage(chance: Chance, world: World, messageRef: string): SimulatedMessage {
  const links = chance.pick([1, 1, 2, 3, 5, 7, 8, 9, 10, 10, 14, 24])
  const issuedAt = sending + chance.whole(0, 30) * minute
  // Queues: some minutes can pass between rendering and handing over (warmbly/warmbly#438).
  const sentAt = issuedAt + Math.round(chance.is(0.8) ? chance.exponential(2 * second) : chance.exponential(3 * minute))
  const hasGateway = chance.is(world.gatewayShare)
  const office = randomAddress(chance)
  const requests: Request[] = []
  if (hasGateway) requests.push(...gatewayVisit(chance, links, sentAt, gatewayClient(chance, office)))
  requests.push(
    ...personVisit(chance, world, links, sentAt, hasGateway && chance.is(world.sameAddressShare) ? office : null),
  )
  if (chance.is(0.03)) {
    // Forwarded days later: scanned again, read by another.
    const forwarded = sentAt + chance.between(1, 72) * hour
    if (chance.is(0.5)) requests.push(...gatewayVisit(chance, links, forwarded, gatewayClient(chance, office)))
    requests.push(...personVisit(chance, { ...world, clickShare: 0.5 }, links, forwarded, null))
  }
  const recording = {
    mode: chance.is(world.identifiedShare) ? 'identified' : 'full',
    addresses: chance.is(world.addressShare),
  } as const
  return { sentAt, issuedAt, links, events: recordRequests(messageRef, issuedAt, requests, recording) }
}

const randomAddress = (chance: Chance) =>
  `${chance.whole(11, 220)}.${chance.whole(0, 255)}.${chance.whole(0, 255)}.${chance.whole(1, 254)}`

function gatewayClient(chance: Chance, office: string): Client {
  // A gateway of the house goes out by the office's address; one in a cloud does not.
  return { userAgent: chance.pick(browsers.slice(0, 3)), address: chance.is(0.2) ? office : randomAddress(chance) }
}

const burstDelays = { instant: 0.5, soon: 2.2, minute: 66.4, minutes: 28.3, halfHour: 1.9, day: 0.7 }

function burstDelay(chance: Chance): number {
  switch (chance.weighted(burstDelays)) {
    case 'instant':
      return chance.between(1, 10) * second
    case 'soon':
      return chance.between(10, 20) * second
    case 'minute':
      return chance.between(20, 60) * second
    case 'minutes':
      return chance.between(1, 5) * minute
    case 'halfHour':
      return chance.between(5, 30) * minute
    case 'day':
      return chance.between(1, 24) * hour
  }
}

const gateways = { sweep: 45, milliseconds: 20, slow: 10, partial: 8, 'many addresses': 9, 'single hit': 4, named: 4 }

function gatewayVisit(chance: Chance, links: number, from: number, client: Client): Request[] {
  const chosen = chance.weighted(gateways)
  const kind = links === 1 ? 'gateway: mail of one link' : `gateway: ${chosen}`
  const all = Array.from({ length: links }, (_, index) => ({ part: 'html' as const, index }))
  const start = from + burstDelay(chance)
  const requests: Request[] = []
  // The pixel comes first, where the gateway renders the mail (assumed: half of them).
  if (chance.is(0.5)) {
    const opened = Math.min(from + chance.lognormal(9 * second, 0.8), start - chance.between(0, second))
    requests.push({ truth: 'machine', kind: 'gateway: open', client, at: opened, link: null })
  }
  const visit = (link: Request['link'], at: number, by: Client = client) =>
    requests.push({ truth: 'machine', kind, client: by, at, link })
  let at = start
  const each = (chosenLinks: typeof all, gap: () => number, by?: () => Client) => {
    for (const link of chosenLinks) {
      visit(link, at, by?.())
      at += gap()
    }
  }
  switch (chosen) {
    case 'sweep': {
      const gapMs = chance.between(30, 100)
      each(all, () => chance.exponential(gapMs))
      break
    }
    case 'milliseconds':
      each(chance.shuffle(all), () => chance.exponential(5))
      break
    case 'slow': {
      const gapMs = chance.lognormal(1100, 0.5)
      each(all, () => gapMs * chance.between(0.6, 1.6))
      break
    }
    case 'partial': {
      const gapMs = chance.between(5, 400)
      const some = all.slice(0, Math.max(1, chance.whole(Math.min(2, links), links - 1)))
      each(chance.is(0.5) ? some : chance.shuffle(all).slice(0, some.length), () => chance.exponential(gapMs))
      break
    }
    case 'many addresses': {
      const gapMs = chance.between(20, 1500)
      const fleet = () => ({ userAgent: chance.pick(browsers), address: randomAddress(chance) })
      each(all, () => chance.exponential(gapMs), fleet)
      break
    }
    case 'single hit':
      visit(chance.pick(all), at)
      break
    case 'named':
      each(
        all,
        () => chance.exponential(300),
        () => ({ ...client, userAgent: 'python-requests/2.32.3' }),
      )
      break
  }
  // Looked at again: the same links from another place, seconds later.
  if (chosen !== 'single hit' && chance.is(0.12)) {
    const other = { userAgent: chance.pick(browsers.slice(0, 3)), address: randomAddress(chance) }
    at += chance.between(3, 30) * second
    each(
      all,
      () => chance.exponential(60),
      () => other,
    )
  }
  return requests
}

function personVisit(chance: Chance, world: World, links: number, from: number, office: string | null): Request[] {
  const requests: Request[] = []
  const client = { userAgent: chance.pick(browsers), address: office ?? randomAddress(chance) }
  // Half of the recipients never see it. Those that click a mail they wait for are early: sign-in, confirmation.
  const awaited = links <= 2 && chance.is(0.3)
  if (!awaited && chance.is(0.45)) return requests
  const clicking = awaited || chance.is(world.clickShare)
  let at = from + (awaited ? chance.lognormal(40 * second, 0.7) : chance.lognormal(10_000 * second, 2.43))
  const opens = (by: Client, truth: 'person' | 'proxy', kind: string, openedAt: number) =>
    requests.push({ truth, kind, client: by, at: openedAt, link: null })
  const reading = chance.lognormal(12 * second, 0.9)
  switch (chance.weighted({ apple: 45, gmail: 28, yahoo: 3, direct: 16, blocked: 8 })) {
    case 'apple':
      // Fetched whether or not the mail is read, when the device has time.
      opens(proxy(chance, 'apple'), 'proxy', 'proxy: apple', from + chance.lognormal(5 * minute, 1.8))
      break
    case 'gmail':
      opens(proxy(chance, 'gmail'), 'proxy', 'proxy: gmail', at - reading)
      break
    case 'yahoo':
      opens(proxy(chance, 'yahoo'), 'proxy', 'proxy: yahoo', at - reading)
      break
    case 'direct':
      opens(
        chance.is(0.5) ? client : { ...client, userAgent: chance.pick(desktopMail) },
        'person',
        'people: open',
        at - reading,
      )
      break
  }
  if (!clicking) return requests
  const click = (kind: string, index: number) =>
    // The way to the receiver is not equally long for each request.
    requests.push({ truth: 'person', kind, client, at: at + chance.exponential(40), link: { part: 'html', index } })
  const liked = chance.shuffle(Array.from({ length: links }, (_, index) => index))
  if (links > 1 && chance.is(world.tabShare)) {
    for (const index of liked.slice(0, chance.whole(2, 3))) {
      click('people: tabs', index)
      at += Math.max(150, chance.lognormal(world.tabGapMs, 0.35))
    }
  } else if (links >= 5 && chance.is(world.digestShare)) {
    for (const index of liked.slice(0, chance.whole(4, Math.min(9, links))).sort((a, b) => a - b)) {
      click('people: many tabs', index)
      at += Math.max(400, chance.lognormal(4 * second, 0.8))
    }
  } else {
    for (const index of liked.slice(0, chance.pick([1, 1, 1, 1, 2, 2, 3]))) {
      click(awaited ? 'people: waiting for it' : 'people: reading', index)
      if (chance.is(0.05)) {
        at += chance.between(150, 2000)
        click('people: twice', index)
      }
      at += Math.max(3 * second, chance.lognormal(45 * second, 1.1))
    }
  }
  return requests
}

const proxy = (chance: Chance, name: keyof typeof proxies): Client => ({
  userAgent: proxies[name],
  address: randomAddress(chance),
})
