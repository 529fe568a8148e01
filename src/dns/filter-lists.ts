import type { Finding } from './finding.ts'

/** EasyPrivacy's rule for pixels such as ours (2026-11); hosts that begin with `links.` or `go.` match none of its rules. */
const list = 'EasyPrivacy'
const rule = '://email.*/o/$image'
const blockedPrefix = 'email.'

/** The pixels that a public filter list would block for the name of their host alone. */
export function checkFilterLists(host: string): Finding[] {
  if (!host.startsWith(blockedPrefix)) return []
  const message = `the pixels of ${host} are blocked by ${list}, whose rule ${rule} fits every host that begins with "${blockedPrefix}": choose another name, like links${host.slice(blockedPrefix.length - 1)}`
  return [{ kind: 'pixel-blocked', message, list, rule }]
}
