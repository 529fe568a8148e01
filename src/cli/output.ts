// Owns what goes out: results on standard output, messages on standard error, files whole or not at all.

import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { failure, reasonOf } from './failure.ts'

/** Writes a result and waits until it is out. A reader that has left (`| head`) is no failure. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve()
      else reject(failure(`cannot write to standard output: ${reasonOf(error)}`))
    })
  })
}

export const printJson = (value: unknown): Promise<void> => print(`${JSON.stringify(value, null, 2)}\n`)

/** A message to whoever started the program. */
export function note(message: string): void {
  process.stderr.write(`mailtrace: ${message}\n`)
}

/**
 * Puts a file in place in one step, so that a crash or a full disk leaves the old one. A link stays a link, the mode
 * stays as it was, and a device or a pipe is written to, not replaced.
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path)
    const before = await stat(target).catch(() => undefined)
    if (before && !before.isFile()) await writeFile(target, text)
    else await replaceFile(target, text, before?.mode)
  } catch (error) {
    throw failure(`cannot write ${JSON.stringify(path)}: ${reasonOf(error)}`)
  }
}

async function replaceFile(target: string, text: string, mode: number | undefined): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  const file = await open(temporary, 'wx')
  try {
    try {
      if (mode !== undefined) await file.chmod(mode & 0o777)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
