// Postfix, of a configuration of its own in a folder of its own: several may run at once, and the machine's stays as it is.

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePort, isListening } from './stage.ts'

/** Nobody else may start it. */
export const isRoot: boolean = process.getuid!() === 0

export interface Postfix {
  /** Where it takes mail. */
  readonly port: number
  /** What was delivered, whatever the mailbox, as files. */
  readonly mail: () => readonly { readonly to: string; readonly message: string }[]
  readonly log: () => string
  /** Tries at once what waits in the queue. */
  readonly flush: () => void
  /** How many messages wait. */
  readonly waiting: () => number
}

export interface PostfixOptions {
  /** Default: one that is free */
  readonly port?: number
  readonly main?: string
  /** It delivers nothing itself. */
  readonly passesOn?: boolean
  /** Further services, and options of the one that takes mail. */
  readonly master?: string
  readonly smtpdOptions?: readonly string[]
}

/**
 * One that delivers what is for `example.net` into files, but for `nobody@example.net`, whom it does not know, and sends everything
 * else where `main` says.
 */
export async function startPostfix({
  main = '',
  passesOn = false,
  master = '',
  smtpdOptions = [],
  port: asked,
}: PostfixOptions = {}): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-postfix-'))
  chmodSync(folder, 0o755)
  const [config, queue, data, boxes] = ['config', 'queue', 'data', 'mail'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  for (const each of [config, queue, data, boxes]) mkdirSync(each)
  const { uid, gid } = owner()
  chownSync(data, uid, gid)
  chownSync(boxes, uid, gid)
  const port = asked ?? (await freePort())
  const log = join(folder, 'log')
  writeFileSync(
    join(config, 'recipients'),
    ['ada', 'bob', 'eve'].map((name) => `${name}@example.net ${name}/\n`).join(''),
  )
  writeFileSync(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
maillog_file = ${log}
maillog_file_prefixes = ${folder}
myhostname = postfix.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_host_lookup = native
disable_dns_lookups = yes
smtp_tls_security_level = none
virtual_mailbox_domains = ${passesOn ? '' : 'example.net'}
virtual_mailbox_maps = texthash:${config}/recipients
virtual_mailbox_base = ${boxes}
virtual_uid_maps = static:${uid}
virtual_gid_maps = static:${gid}
minimal_backoff_time = 1s
queue_run_delay = 1s
bounce_queue_lifetime = 0
${main}
`,
  )
  const options = smtpdOptions.map((option) => `  -o ${option}\n`).join('')
  writeFileSync(
    join(config, 'master.cf'),
    `127.0.0.1:${port} inet n - n - - smtpd
${options}${master}
pickup    unix  n  -  n  60  1  pickup
cleanup   unix  n  -  n  -   0  cleanup
qmgr      unix  n  -  n  300 1  qmgr
rewrite   unix  -  -  n  -   -  trivial-rewrite
bounce    unix  -  -  n  -   0  bounce
defer     unix  -  -  n  -   0  bounce
trace     unix  -  -  n  -   0  bounce
verify    unix  -  -  n  -   1  verify
flush     unix  n  -  n  1000? 0 flush
proxymap  unix  -  -  n  -   -  proxymap
smtp      unix  -  -  n  -   -  smtp
lmtp      unix  -  -  n  -   -  lmtp
relay     unix  -  -  n  -   -  smtp
showq     unix  n  -  n  -   -  showq
error     unix  -  -  n  -   -  error
retry     unix  -  -  n  -   -  error
discard   unix  -  -  n  -   -  discard
virtual   unix  -  n  n  -   -  virtual
anvil     unix  -  -  n  -   1  anvil
scache    unix  -  -  n  -   1  scache
postlog   unix-dgram n -  n  -   1  postlogd
`,
  )
  const run = (...args: string[]): string =>
    execFileSync('/usr/sbin/postfix', ['-c', config, ...args], { encoding: 'utf8', stdio: 'pipe' })
  onTestFinished(() => {
    try {
      run('stop')
    } catch {
      // It did not start.
    }
    rmSync(folder, { recursive: true, force: true })
  })
  try {
    run('start')
  } catch (error) {
    throw new Error(`Postfix does not start: ${(error as { stderr: string }).stderr}`)
  }
  for (let attempt = 0; attempt < 100 && !(await isListening(port)); attempt++) await wait(50)
  return {
    port,
    mail: () =>
      readdirSync(boxes).flatMap((to) => {
        const place = join(boxes, to, 'new')
        return existsSync(place)
          ? readdirSync(place).map((name) => ({ to, message: readFileSync(join(place, name), 'latin1') }))
          : []
      }),
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    flush: () => void execFileSync('/usr/sbin/postqueue', ['-c', config, '-f']),
    waiting: () =>
      execFileSync('/usr/sbin/postqueue', ['-c', config, '-j'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line !== '').length,
  }
}

/** Whom Debian's package made for it. */
function owner(): { readonly uid: number; readonly gid: number } {
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postfix'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
