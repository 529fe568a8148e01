import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDurableEventLog, openEventLog } from '../../src/cli/event-log.ts'

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'events.jsonl')
}

describe('the events file that outlives a power failure', () => {
  it('has a line for each event in the order in which they came, however many come at once', async () => {
    const path = temporaryFile()
    const append = openDurableEventLog(path)
    await append({ at: 0 })
    expect(readFileSync(path, 'utf8')).toBe('{"at":0}\n')
    await Promise.all(Array.from({ length: 50 }, (_, at) => append({ at: at + 1 })))
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).at)).toEqual(Array.from({ length: 51 }, (_, at) => at))
  })

  it('goes on after a line that was cut off', async () => {
    const path = temporaryFile()
    writeFileSync(path, '{"at":')
    await openDurableEventLog(path)({ at: 1 })
    expect(readFileSync(path, 'utf8')).toBe('{"at":\n{"at":1}\n')
  })

  it.skipIf(!existsSync('/dev/full'))('says so when the disk is full, each time', async () => {
    const append = openDurableEventLog('/dev/full')
    for (let attempt = 0; attempt < 2; attempt++) await expect(append({ at: 1 })).rejects.toThrow('ENOSPC')
  })

  it('may be no file', async () => {
    await openDurableEventLog('/dev/null')({ at: 1 })
  })

  it('that cannot be written is refused at once', () => {
    const path = join(temporaryFile(), 'no')
    for (const open of [openEventLog, openDurableEventLog]) {
      expect(() => open(path)).toThrow(`cannot write ${JSON.stringify(path)}: no such file or directory`)
    }
  })
})
