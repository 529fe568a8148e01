// A real DNS server on loopback for one zone, as the program asks it over UDP.

import type { AddressInfo } from 'node:net'
import { createServer, Packet } from 'dns2'

/** Per name and type what is answered; `SERVFAIL` for trouble. A name that is missing does not exist. */
export type Zone = Readonly<
  Record<string, { readonly CNAME?: string; readonly A?: string; readonly CAA?: string } | 'SERVFAIL'>
>

/** @returns the server's address for `--resolver`, and what stops it */
export async function startDnsServer(zone: Zone): Promise<{ address: string; stop: () => Promise<void> }> {
  const server = createServer({
    udp: true,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request)
      const { name = '', type } = request.questions[0] ?? {}
      const records = zone[name.toLowerCase()]
      if (records === 'SERVFAIL') response.header.rcode = 2
      else if (records === undefined) response.header.rcode = 3
      else {
        const answer = (data: object): void => {
          // Its types want a method of their own class; its encoder takes plain data, as its manual shows.
          response.answers.push({ name, type, class: Packet.CLASS.IN, ttl: 60, ...data } as Packet['answers'][number])
        }
        if (records.CNAME && type === Packet.TYPE.CNAME) answer({ domain: records.CNAME })
        if (records.A && type === Packet.TYPE.A) answer({ address: records.A })
        if (records.CAA && type === Packet.TYPE.CAA) answer({ flags: 0, tag: 'issue', value: records.CAA })
      }
      send(response)
    },
  })
  await server.listen({ udp: { port: 0, address: '127.0.0.1' } })
  const { port } = server.addresses().udp as AddressInfo
  return { address: `127.0.0.1:${port}`, stop: async () => void (await server.close()) }
}
