import { type DomainConfig, instrumentEmail } from '../index.ts'
import type { ReceiverAnswer } from '../receiver/answers.ts'
import { parseUrl } from '../url.ts'
import { reasonOf } from './failure.ts'
import { readHtml } from './input.ts'

/**
 * What a local server shows to whoever started it. Another site can make its own name lead to this machine (DNS rebinding),
 * so the mail and the configuration are shown under no other names.
 */
export const ownNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

export interface LocalPages {
  readonly domain: DomainConfig
  /** Canonical, with the port where there is one. */
  readonly hosts: readonly string[]
  /** The email to show at `/`. */
  readonly page: string | undefined
}

/** The answer to a request that is not a mail reader's; `null` for one that the receiver answers. */
export async function answerLocally(requestUrl: string, pages: LocalPages): Promise<ReceiverAnswer | null> {
  const url = parseUrl(requestUrl)
  if (url === null) return null
  if (url.pathname === '/healthz') return text(200, 'ok\n')
  if (pages.hosts.includes(url.host) || !ownNames.includes(url.hostname)) return null
  if (url.pathname !== '/') return text(404, explain(url, pages.hosts))
  return pages.page === undefined ? text(200, explain(url, pages.hosts)) : showPage(pages.page, pages.domain)
}

/** Read and instrumented anew each time: an edit shows at once, and each look counts as a message of its own. */
async function showPage(page: string, domain: DomainConfig): Promise<ReceiverAnswer> {
  try {
    const { html } = instrumentEmail(await readHtml(page), domain)
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
    return { status: 200, headers, body: Buffer.from(html) }
  } catch (error) {
    return text(500, `${reasonOf(error)}\n`)
  }
}

/** Whoever tries the links of a production configuration on this machine would see a bare 404. */
function explain({ host, pathname }: URL, hosts: readonly string[]): string {
  const isReference = /^\/[co]\//.test(pathname)
  // A quote would end the argument in the shell.
  const path = isReference ? pathname.replaceAll("'", '%27') : '/c/...'
  return `mailtrace answers clicks and opens here, each under the tracking host of its link:

${hosts.map((each) => `  ${each}\n`).join('')}
This request came for ${host}, which is none of them. For readers of mail, a proxy with TLS in front
passes the Host header on. To try a link by hand:

  curl -i -H 'Host: ${hosts.at(-1) ?? 'links.example.com'}' 'http://${host}${path}'
`
}

function text(status: number, body: string): ReceiverAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return { status, headers, body: Buffer.from(body) }
}
