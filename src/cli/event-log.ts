import { appendFileSync, fstatSync, openSync, readSync } from 'node:fs'
import { failure, reasonOf } from './failure.ts'
import { formatJson } from './format-json.ts'

/**
 * The events file, with one line of JSON for each event. The whole line is on its way to the disk before the append returns,
 * so that no answered event is lost when the process ends.
 *
 * @returns what appends an event; it throws when the line could not be written
 */
export function openEventLog(path: string): (event: unknown) => void {
  let file: number
  let isTorn: boolean
  try {
    file = openSync(path, 'a+')
    isTorn = !endsWithLineFeed(file)
  } catch (error) {
    throw failure(`cannot write ${JSON.stringify(path)}: ${reasonOf(error)}`)
  }
  return (event) => {
    const line = `${isTorn ? '\n' : ''}${formatJson(event)}\n`
    // A full disk can take half a line. The next line must not be glued to it.
    isTorn = true
    // It is synchronous: it takes microseconds, and no two lines can run into each other.
    appendFileSync(file, line)
    isTorn = false
  }
}

function endsWithLineFeed(file: number): boolean {
  const { size } = fstatSync(file)
  const last = new Uint8Array(1)
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a)
}
