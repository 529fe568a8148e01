import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { failure } from '../failure.ts'
import { isLoopback } from './upstream.ts'

/** Who may hand over mail. */
export interface Admission {
  /** `auth`: once it has signed in. */
  readonly admit: (address: string) => 'open' | 'auth' | 'refused'
  readonly isPassword: (user: string, password: string) => boolean
}

export interface AdmissionRules {
  /** Where the relay listens. */
  readonly host: string
  readonly hasTls: boolean
  /** Passwords by user; `null`: nobody can sign in. */
  readonly users: ReadonlyMap<string, string> | null
  /** Networks whose clients need not sign in: `192.0.2.0/24`, `2001:db8::/32`, or an address. */
  readonly networks: readonly string[]
}

/** @throws where the relay would be open: whoever reaches it could send mail in the name of its owner. */
export function createAdmission({ host, hasTls, users, networks }: AdmissionRules): Admission {
  if (!isLoopback(host)) {
    if (users === null && networks.length === 0) {
      throw failure(`--listen ${host} would be an open relay: say who may send with --auth FILE or --allow NETWORK`, 2)
    }
    if (users !== null && !hasTls) {
      throw failure('--auth would take passwords unencrypted: add --tls-key FILE and --tls-cert FILE', 2)
    }
  }
  const allowed: Networks = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const network of networks) addNetwork(allowed, network)
  return {
    admit: (address) => {
      if (networks.length > 0 && contains(allowed, address)) return 'open'
      if (users !== null) return 'auth'
      return networks.length === 0 ? 'open' : 'refused'
    },
    isPassword: (user, password) => {
      const known = users?.get(user)
      // An unknown user takes as long as a known one.
      const isSame = timingSafeEqual(digest(known ?? ''), digest(password))
      return known !== undefined && isSame
    },
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Apart, as a BlockList finds every IPv4 address in an IPv6 network that has `::ffff:0:0`, such as a mistyped `::1/64`. */
type Networks = Readonly<Record<'ipv4' | 'ipv6', BlockList>>

function addNetwork(allowed: Networks, text: string): void {
  const [address = '', prefix, ...more] = text.split('/')
  // An IPv4 address that is written as an IPv6 one is refused: nobody comes from it, and its prefix is easily taken for an IPv4 one.
  const version = mapped.test(address) ? 0 : isIP(address)
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (version === 0 || more.length > 0 || !(length <= bits)) {
    throw failure(`--allow is ${JSON.stringify(text)}: use a network like 192.0.2.0/24 or 2001:db8::/32`, 2)
  }
  if (length === 0) throw failure(`--allow ${text} is everybody, which would be an open relay: name your networks`, 2)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  allowed[family].addSubnet(address, length, family)
}

const mapped = /^[0:]*:ffff:[^:]+(?::[^:]+)?$/i

function contains(allowed: Networks, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  const version = isIP(plain)
  if (version === 0) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  return allowed[family].check(plain, family)
}

/** The file of `--auth`: `user:password` on each line; empty lines, and lines that begin with `#`, say nothing. */
export function readUsers(text: string, file: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>()
  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line === '' || line.startsWith('#')) continue
    const colon = line.indexOf(':')
    // Without the line: it may be a password.
    if (colon < 1 || colon === line.length - 1) throw failure(`${file}: line ${at + 1} is not user:password`)
    const user = line.slice(0, colon)
    if (users.has(user)) throw failure(`${file}: line ${at + 1} has a user that is there already`)
    users.set(user, line.slice(colon + 1))
  }
  if (users.size === 0) throw failure(`${file} has no user: write user:password, one on each line`)
  return users
}
