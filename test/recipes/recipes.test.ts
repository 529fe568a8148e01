// Ways into a sending pipeline, with what the renderers really give.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { instrumentEmail, prepareEmail, readTrackingUrl, untrackEmail } from '../../src/index.ts'
import { checkFidelity } from '../../src/testing/index.ts'
import { instrumentText, prepareText } from '../../src/text/index.ts'
import { signedDomain as domain, fixed, messageRef } from '../kit/domains.ts'
import { repository } from '../package/source-files.ts'

const read = (path: string): string => readFileSync(join(repository, 'test', path), 'utf8')
/** As React Email 1.0.12 (React 19.3.1) rendered a component, once: it is 95 MB with what it needs. */
const [reactHtml, reactText] = [read('recipes/welcome.html'), read('recipes/welcome.txt')]
/** As MJML rendered test/demo/newsletter.mjml, once. */
const mjmlHtml = read('demo/newsletter.html')

const outcomes = (links: readonly ({ kind: 'tracked'; destination: string } | { kind: 'skipped'; reason: string })[]) =>
  links.map((link) => (link.kind === 'tracked' ? link.destination : link.reason))

describe('React Email', () => {
  it('is instrumented once it is rendered', () => {
    const { html, links, pixel } = instrumentEmail(reactHtml, domain, fixed)
    expect(outcomes(links)).toEqual([
      'https://example.com/guide?step=1&from=mail',
      'https://example.com/start',
      'scheme',
      'opt-out',
    ])
    expect(pixel.kind).toBe('placed')
    expect(checkFidelity(reactHtml, html, domain)).toEqual([])
  })

  it('with its own plain text', () => {
    const { text, links } = instrumentText(reactText, domain, {
      ...fixed,
      skipUrls: ['https://example.com/unsubscribe'],
    })
    expect(outcomes(links)).toEqual([
      'https://example.com/guide?step=1&from=mail',
      'https://example.com/start',
      'caller',
    ])
    expect(text.split('\n').length).toBe(reactText.split('\n').length)
  })
})

it('MJML: with its Outlook buttons', () => {
  const { html, links } = instrumentEmail(mjmlHtml, domain, fixed)
  expect(links.filter(({ kind, element }) => kind === 'tracked' && element === 'v:roundrect').length).toBeGreaterThan(0)
  expect(checkFidelity(mjmlHtml, html, domain)).toEqual([])
})

describe('Handlebars', () => {
  const template = '<p>Hello {{name}}</p><a href="{{link}}">Start</a> <a href="https://example.com/?u={{id}}">You</a>'
  const data = { name: 'Ada & Bob', link: 'https://example.com/start?a=1&b=2', id: '4711' }

  it('is instrumented once it is rendered', () => {
    const rendered = Handlebars.compile(template)(data)
    const { html, links } = instrumentEmail(rendered, domain, fixed)
    expect(outcomes(links)).toEqual(['https://example.com/start?a=1&b=2', 'https://example.com/?u=4711'])
    expect(checkFidelity(rendered, html, domain)).toEqual([])
  })

  it('a template is not harmed: what is to be filled in stays', () => {
    const { html, links } = instrumentEmail(template, domain, { ...fixed, openTracking: false })
    expect(outcomes(links)).toEqual(['merge-tag', 'merge-tag'])
    expect(html).toBe(template)
  })
})

it('bulk: scanned once, each copy as far as its recipient consents', () => {
  const campaignRef = 'newsletter-2026-11-24'
  const email = prepareEmail(mjmlHtml, domain, { campaignRef })
  const plain = prepareText('https://example.com/', domain, { campaignRef })
  const recipients = [
    { messageRef: 'message-to-ada', mode: 'full' },
    { messageRef: 'message-to-bob', mode: 'anonymous' },
    { messageRef: 'message-to-cem', mode: 'anonymous' },
    { messageRef: 'message-to-dee', mode: false },
  ] as const
  const copies = recipients.map(({ messageRef, mode }) => {
    const options = { messageRef, clickTracking: mode }
    const { html } = email.instrument({ ...options, openTracking: mode })
    const { text } = plain.instrument(options)
    return { html, text }
  })
  for (const { html } of copies) expect(checkFidelity(mjmlHtml, html, domain)).toEqual([])
  expect(readTrackingUrl(copies[0]!.text, domain)).toMatchObject({ part: 'text', messageRef: 'message-to-ada' })
  expect(readTrackingUrl(copies[1]!.text, domain)).toMatchObject({ messageRef: null, campaignRef })
  expect(copies[1]).toEqual(copies[2])
  expect(copies[3]).toEqual({ html: mjmlHtml, text: 'https://example.com/' })
})

it('view in browser: the mail without its tracking', () => {
  const sent = instrumentEmail(reactHtml, domain, fixed)
  expect(untrackEmail(sent.html, domain).html).toBe(reactHtml)
})

it('worker threads: a plain configuration goes through postMessage, the same mail comes back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-worker-'))
  try {
    const outfile = join(folder, 'worker.mjs')
    const contents = `
      import { parentPort, workerData } from 'node:worker_threads'
      import { defineDomain, instrumentEmail } from './src/index.ts'
      const domain = defineDomain(workerData.domain)
      parentPort.on('message', ({ html, messageRef }) => {
        parentPort.postMessage(instrumentEmail(html, domain, { messageRef, now: () => workerData.now }))
      })`
    await build({
      stdin: { contents, resolveDir: repository },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'silent',
    })
    const workers = [1, 2].map(() => new Worker(outfile, { workerData: { domain, now: fixed.now() } }))
    const answers = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)))
    for (const worker of workers) worker.postMessage({ html: reactHtml, messageRef })
    const expected = instrumentEmail(reactHtml, domain, fixed)
    expect(await Promise.all(answers)).toEqual([expected, expected])
    await Promise.all(workers.map((worker) => worker.terminate()))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
