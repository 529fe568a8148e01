import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, reasonOf } from './failure.ts'

/**
 * Puts a file in place in one step, so that a crash or a full disk leaves the old file. A link stays a link, owner and mode
 * stay as they were, and a device or a pipe is written to, not replaced.
 */
export async function writeFileAtomically(path: string, text: string | Uint8Array): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path)
    const before = await stat(target).catch(() => undefined)
    const isReplaced = (!before || before.isFile()) && (await replaceFile(target, text, before))
    if (!isReplaced) await writeFile(target, text)
  } catch (error) {
    throw failure(`cannot write ${JSON.stringify(path)}: ${reasonOf(error)}`)
  }
}

/** @returns false, with nothing done, where the new file could not be given to the owner of the old one */
async function replaceFile(target: string, text: string | Uint8Array, before: Stats | undefined): Promise<boolean> {
  // The name is new each time: a file that a killed process left behind must not stand in the way.
  const temporary = join(dirname(target), `.mailtrace-${randomUUID()}.tmp`)
  const file = await open(temporary, 'wx')
  try {
    try {
      if (before && !(await takeOver(file, before))) {
        await rm(temporary)
        return false
      }
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
    return true
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Gives a new file the owner and the mode of the old one. Only root may give files away. */
async function takeOver(file: FileHandle, { uid, gid, mode }: Stats): Promise<boolean> {
  const own = await file.stat()
  try {
    if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid)
  } catch {
    return false
  }
  await file.chmod(mode & 0o777)
  return true
}
