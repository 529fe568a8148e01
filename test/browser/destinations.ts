// The stand-in for every site that a mail links to: one TLS server that answers under any name and keeps what it was
// asked for, exactly as it was asked.

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Destinations {
  readonly port: number
  /** URLs of the pages that browsers asked for, as they stood in the request, since the last call. */
  takeVisits(): string[]
  close(): void
}

export async function openDestinations(): Promise<Destinations> {
  let visits: string[] = []
  const pem = makeCertificate()
  const server = createServer({ key: pem, cert: pem }, ({ headers, url }, response) => {
    // Not for what Chromium asks for by itself, like an icon.
    if (headers['sec-fetch-dest'] === 'document') visits.push(`https://${headers.host}${url}`)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    response.end('<!doctype html><title>Destination</title><p>You have arrived.')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    takeVisits() {
      const taken = visits
      visits = []
      return taken
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const openssl = process.env.OPENSSL || 'openssl'

/** A new key and a certificate that nobody trusts, in one text. */
function makeCertificate(): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '-']
  const args = ['req', '-x509', ...key, '-subj', '/CN=destinations.test', '-days', '2', '-out', '-']
  try {
    return execFileSync(openssl, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (cause) {
    throw new Error(
      `${openssl} cannot make a certificate: install it (apt-get install -y openssl), or set OPENSSL to its path`,
      { cause },
    )
  }
}
