import { note } from './terminal.ts'

/** At most as many foreign hosts are told of. Whoever can reach the server can make up any number of them. */
const longestHostList = 20

/** Tells, once for each, of hosts that no link has: a proxy that does not pass Host on makes every link a 404. */
export function createHostTeller(): (host: string) => void {
  const told = new Set<string>()
  return (host) => {
    if (told.has(host) || told.size >= longestHostList) return
    told.add(host)
    note(`a request came for ${host}, which is no tracking host: does the proxy pass Host on?`)
  }
}
