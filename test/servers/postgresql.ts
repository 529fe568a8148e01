// Debian's PostgreSQL for the tests of the store: one server for all of them, with data and socket in a folder of its own.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

export interface Server {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** The newest of the installed versions. */
function binaries(): string {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
  return `/usr/lib/postgresql/${versions[0]}/bin`
}

/** @param settings as `fsync=off`, which is for tests: no test pulls the plug. */
export async function startPostgres(settings: readonly string[] = ['fsync=off']): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-postgresql-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  // initdb and postgres refuse to run as root.
  const { uid, gid } = process.getuid?.() === 0 ? userPostgres() : { uid: undefined, gid: undefined }
  if (uid !== undefined) chownSync(folder, uid, gid!)
  const as = uid === undefined ? {} : { uid, gid: gid! }
  const made = spawnSync(
    `${binaries()}/initdb`,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...as,
      cwd: folder,
      encoding: 'utf8',
    },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stdout}${made.stderr}`)
  // Reached by the socket alone: no port is taken.
  const options = ['listen_addresses=', `unix_socket_directories=${folder}`, ...settings].flatMap((each) => [
    '-c',
    each,
  ])
  const server = spawn(`${binaries()}/postgres`, ['-D', data, ...options], {
    ...as,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [server.stdout!, server.stderr!])
    stream.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4000)))
  const ended = once(server, 'exit')
  const stop = async (): Promise<void> => {
    // Immediate shutdown: the folder goes with it.
    server.kill('SIGQUIT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `postgres://postgres@${encodeURIComponent(folder)}/postgres`
  for (let attempt = 0; attempt < 150 && server.exitCode === null; attempt++) {
    if (await answers(url)) return { url, stop }
    await wait(100)
  }
  await stop()
  throw new Error(`postgres does not start: ${said}`)
}

function userPostgres(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

/** Of test/servers/vitest.config.ts: once, before all files. */
export async function setup(): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgres()
  process.env.STORE_DATABASE = url
  return stop
}
