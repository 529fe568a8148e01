// Which Chromium the checks run in, and that nothing in it reaches beyond this machine.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'

/** @param destinationsPort where every https host is to be found, whatever its name */
export async function launchChromium(destinationsPort: number): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}: install it (on Debian as root: apt-get update && apt-get install -y ` +
        'chromium), or set CHROMIUM to the path of one',
    )
  }
  return chromium.launch({
    executablePath,
    args: [
      // Names under .localhost are this machine's by themselves (RFC 6761 section 6.3); their ports stay.
      `--host-resolver-rules=MAP *:443 127.0.0.1:${destinationsPort}, MAP *:80 ~NOTFOUND`,
      '--no-proxy-server',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
