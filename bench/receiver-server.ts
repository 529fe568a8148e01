// In a process of its own: each way of serving on a port of its own. Prints one line for each: name, port.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createNodeListener } from '../src/receiver/index.ts'
import { bareListener, createHandlers } from './receiver-handlers.ts'

const { bare, receiver } = createHandlers()
const servers = {
  bare: createServer(bareListener),
  receiver: createServer(createNodeListener(receiver)),
  'bare, by @hono/node-server': createAdaptorServer({ fetch: bare }),
  'receiver, by @hono/node-server': createAdaptorServer({ fetch: receiver }),
}
for (const [name, server] of Object.entries(servers)) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  console.log(JSON.stringify([name, (server.address() as AddressInfo).port]))
}
console.log('ready')
