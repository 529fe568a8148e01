// A lock that ends with its process, however that ends: a socket that nobody listens on any more is left over. A number of a
// process would not tell, as in a container each one has the same.

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { link, realpath, rename, stat, unlink } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { failure, reasonOf } from './failure.ts'

export const lockName = 'lock'

/** In bytes: what a socket's name may have (sun_path of unix(7) has 108, on macOS 104, with a zero at the end). */
const longestName = 103 - '.12345678'.length

/** In a row: so often somebody else may be quicker. */
const maxAttempts = 10

/** In ms: whoever looks at a socket that was left over is done with it within less. */
const settleMs = 100

/** Takes a folder for this process alone. @returns what gives it back */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = await socketPath(folder)
  const taken = failure(`${JSON.stringify(folder)} is in use: another mailtrace serve has it open`)
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const held = await take(path)
    if (held !== null) {
      await wait(settleMs)
      if (await held.isStill()) return held.release
      throw taken
    }
    if ((await isListening(path)) || !(await clearAway(path))) break
  }
  throw taken
}

async function socketPath(folder: string): Promise<string> {
  const whole = await realpath(folder)
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 32)
  const path = join(whole, lockName)
  return Buffer.byteLength(path) <= longestName ? path : join(tmpdir(), `mailtrace-${digest}`)
}

interface Held {
  readonly isStill: () => Promise<boolean>
  readonly release: () => Promise<void>
}

/** `null`: there is such a name. */
async function take(path: string): Promise<Held | null> {
  // Under a name of its own at first: Node takes the name away at the end of a server, whosever it is by then.
  const own = beside(path)
  const server = createServer((socket) => socket.destroy()).listen(own)
  try {
    await once(server, 'listening')
    await link(own, path)
  } catch (error) {
    server.close()
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw failure(`cannot lock ${JSON.stringify(path)}: ${reasonOf(error)}`)
  }
  const { ino } = await stat(own)
  await unlink(own)
  // A lock is no reason to go on.
  server.unref()
  const isStill = async (): Promise<boolean> => (await stat(path).catch(() => null))?.ino === ino
  return {
    isStill,
    release: async () => {
      if (await isStill()) await unlink(path)
      server.close()
    },
  }
}

/**
 * Takes a socket away that nobody listens on. Somebody else may have done so meanwhile, and listen there: it is looked at once
 * more under a name that nobody else knows, and put back. `false`: somebody listens.
 */
async function clearAway(path: string): Promise<boolean> {
  const aside = beside(path)
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
  const isAlive = await isListening(aside)
  if (isAlive) await link(aside, path).catch(() => {})
  await unlink(aside)
  return !isAlive
}

const beside = (path: string): string => `${path}.${randomBytes(4).toString('hex')}`

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
