// Owns where the time of one signed call goes: each stage timed by itself on the same mails, beside the whole.

import { checkDomain } from '../../src/config/domain-config.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { type DomainConfig, instrumentEmail } from '../../src/index.ts'
import { decideLinks, type LinkRules } from '../../src/instrument/links/decide-links.ts'
import { findPixelPlaces, findPixels } from '../../src/instrument/pixel.ts'
import { type Edit, spliceEdits } from '../../src/instrument/splice.ts'
import { allocateBytes } from '../../src/tracking-url/bytes.ts'
import { createMac, macBytes, macRoom } from '../../src/tracking-url/mac.ts'
import { mintOf } from '../../src/tracking-url/mint.ts'
import type { BenchArguments } from '../arguments.ts'
import { type Job, timeInterleaved } from '../clock.ts'
import { messageRef, pixel } from '../contenders/contender.ts'
import { signedDomain } from '../contenders/ours.ts'
import { buildMails, textWidths } from '../mails.ts'
import { read } from '../read.ts'
import { type Report, significant, type Table } from '../report.ts'

/** In bytes: what stands around the destination in the text that is hashed. */
const payloadOverhead = 68
const inactiveDomain: DomainConfig = { ...signedDomain, openTracking: false, clickTracking: false }

export async function run(args: BenchArguments): Promise<Report> {
  const tables: Table[] = []
  const data: unknown[] = []
  for (const size of args.sizes ?? (['140K', '7K'] as const)) {
    for (const width of textWidths) {
      const mails = buildMails(size, width)
      const timings = await timeInterleaved(createJobs(mails), { rounds: args.rounds ?? 15, warmupMs: 250 })
      const us = (name: string): number => (timings.get(name)![args.statistic] / mails.length) * 1000
      const stages: readonly (readonly [string, number])[] = [
        ['configuration and options', us('inactive')],
        ['scan', us('scan')],
        ['plan: decode, opt-outs, classify', us('plan')],
        ['pixel: place, look for one that is there', us('pixel')],
        ['mint: payload and URL', us('mint') - us('mac') - us('base64url')],
        ['mint: MAC', us('mac')],
        ['mint: base64url', us('base64url')],
        ['assembly', us('splice')],
        ['flatten', us('splice and read') - us('splice')],
      ]
      const whole = us('whole')
      const rest = whole - stages.reduce((sum, [, time]) => sum + time, 0)
      const rows = [
        ...stages,
        ['outcomes, edits and the rest', rest] as const,
        ['instrumentEmail, signed', whole] as const,
      ]
      tables.push({
        title: `One mail of ${size}, ${width}, ${linkCount(mails)} links`,
        columns: ['', 'us', 'of the whole'],
        rows: rows.map(([name, time]) => [name, significant(time), `${Math.round((time / whole) * 100)} %`]),
      })
      data.push({ size, width, microseconds: Object.fromEntries(rows) })
    }
  }
  return {
    tables,
    measurements: [],
    notes: ['stages are timed by themselves, with warm caches of their own: the rest may come out below nothing'],
    data,
  }
}

function linkCount(mails: readonly string[]): number {
  return Math.round(mails.reduce((sum, mail) => sum + scanLinks(readMarkup(mail)).sites.length, 0) / mails.length)
}

const noRules: LinkRules = { hosts: [], skipLink: null, skipUrls: new Set(), isSure: () => true, firstIndex: 0 }

function createJobs(mails: readonly string[]): readonly Job[] {
  const domain = checkDomain(signedDomain)
  const mint = mintOf(domain)
  const issuedAt = Date.now()
  const clickUrls = () => mint.clicks({ mode: 'full', part: 'html', ref: messageRef, issuedAt })
  const prepared = mails.map((html) => {
    const scan = scanLinks(readMarkup(html))
    const tracked = decideLinks(readMarkup(html), scan.sites, { ...noRules, hosts: domain.hosts }).filter(
      ({ reason }) => reason === null,
    )
    const pixelAt = findPixelPlaces(scan, 'end')[0]!.at
    const clickUrl = clickUrls()
    const edits: Edit[] = tracked.map(({ site, destination }, index) => {
      return { start: site.start, end: site.end, text: clickUrl(index, destination) }
    })
    edits.push({ start: pixelAt, end: pixelAt, text: pixel })
    edits.sort((a, b) => a.start - b.start)
    return { html, scan, edits, destinations: tracked.map(({ destination }) => destination) }
  })

  const mac = createMac(domain.keys[0]!.secret)
  const buffer = allocateBytes(4096)
  const payloadEnd = (destination: string): number => macRoom + payloadOverhead + destination.length
  const each = (name: string, work: (mail: (typeof prepared)[number]) => void): Job => ({
    name,
    run: () => {
      for (const mail of prepared) work(mail)
    },
  })
  return [
    each('whole', ({ html }) => read(instrumentEmail(html, signedDomain, { messageRef }).html)),
    each('inactive', ({ html }) => instrumentEmail(html, inactiveDomain, { messageRef })),
    each('scan', ({ html }) => scanLinks(readMarkup(html))),
    each('plan', ({ html, scan }) => decideLinks(readMarkup(html), scan.sites, { ...noRules, hosts: domain.hosts })),
    each('pixel', ({ html, scan }) => {
      findPixelPlaces(scan, 'end')
      findPixels(readMarkup(html), domain)
    }),
    each('mint', ({ destinations }) => {
      const clickUrl = clickUrls()
      for (let i = 0; i < destinations.length; i++) clickUrl(i, destinations[i]!)
      mint.open({ mode: 'full', pixel: 'end', ref: messageRef, issuedAt })
    }),
    each('mac', ({ destinations }) => {
      for (const destination of destinations) mac(buffer.bytes, payloadEnd(destination))
      mac(buffer.bytes, payloadEnd(''))
    }),
    each('base64url', ({ destinations }) => {
      for (const destination of destinations) buffer.toBase64Url(macRoom, payloadEnd(destination) + macBytes)
      buffer.toBase64Url(macRoom, payloadEnd('') + macBytes)
    }),
    each('splice', ({ html, edits }) => spliceEdits(html, edits)),
    each('splice and read', ({ html, edits }) => read(spliceEdits(html, edits))),
  ]
}
