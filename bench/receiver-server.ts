// Owns the server of the receiver's benchmark: in a process of its own, the receiver and the bare handler on two ports.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createHandlers } from './receiver-handlers.ts'

const handlers = createHandlers()
for (const handler of [handlers.bare, handlers.receiver]) {
  const server = createAdaptorServer({ fetch: handler })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  console.log((server.address() as AddressInfo).port)
}
