// In a process of its own: a relay that tracks and one that passes everything through, to the upstream whose port is the argument.
// Prints a line for each: name, port.

import { createAdmission } from '../../src/cli/relay/admission.ts'
import { startRelay } from '../../src/cli/relay/start-relay.ts'
import { defaultTimeouts } from '../../src/cli/relay/timeouts.ts'
import { readUpstream } from '../../src/cli/relay/upstream.ts'
import { signed } from '../contenders/ours.ts'

export async function serve(): Promise<void> {
  for (const [name, domains] of [
    ['tracks', new Map([['example.com', signed]])],
    ['passes on', new Map()],
  ] as const) {
    const { port } = await startRelay({
      listen: { scheme: 'smtp', host: '127.0.0.1', port: 0 },
      tls: null,
      admission: createAdmission({ host: '127.0.0.1', hasTls: false, users: null, networks: [] }),
      upstream: readUpstream(`smtp://127.0.0.1:${process.argv[3]}`, 'off'),
      domains,
      withText: false,
      dkimSigned: 'leave',
      isPerRecipient: false,
      maxSize: 10_000_000,
      maxRecipients: 100,
      maxClients: 100,
      name: 'relay.test',
      timeouts: defaultTimeouts,
      now: Date.now,
      record: () => {},
      onCopy: () => {},
      onProblem: console.error,
    })
    console.log(JSON.stringify([name, port]))
  }
  console.log('ready')
}
