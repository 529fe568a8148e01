import { appendFileSync, fdatasync, fstatSync, openSync, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { failure, reasonOf } from './failure.ts'
import { formatJson } from './format-json.ts'

/**
 * The events file, with one line of JSON for each event. The whole line is on its way to the disk before the append returns,
 * so that no answered event is lost when the process ends.
 *
 * @returns what appends an event; it throws when the line could not be written
 */
export const openEventLog = (path: string): ((event: unknown) => void) => openLog(path).append

/**
 * As {@link openEventLog}, for what even a power failure must not lose: it settles when the line is on the disk. Lines that come while
 * others are being written share the next write, so that many at once wait little longer than one.
 *
 * @returns what appends an event; it rejects when the line could not be written
 */
export function openDurableEventLog(path: string): (event: unknown) => Promise<void> {
  const { append, file } = openLog(path)
  // A pipe or a terminal has no disk.
  const flush = fstatSync(file).isFile() ? () => promisify(fdatasync)(file) : async () => {}
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return async (event) => {
    append(event)
    // One that is under way may have begun before this line was there.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null
        running = flush()
        return running
      })
    await next
  }
}

function openLog(path: string): { readonly file: number; readonly append: (event: unknown) => void } {
  let file: number
  let isTorn: boolean
  try {
    file = openSync(path, 'a+')
    isTorn = !endsWithLineFeed(file)
  } catch (error) {
    throw failure(`cannot write ${JSON.stringify(path)}: ${reasonOf(error)}`)
  }
  const append = (event: unknown): void => {
    const line = `${isTorn ? '\n' : ''}${formatJson(event)}\n`
    // A full disk can take half a line. The next line must not be glued to it.
    isTorn = true
    // It is synchronous: it takes microseconds, and no two lines can run into each other.
    appendFileSync(file, line)
    isTorn = false
  }
  return { file, append }
}

function endsWithLineFeed(file: number): boolean {
  const { size } = fstatSync(file)
  const last = new Uint8Array(1)
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a)
}
