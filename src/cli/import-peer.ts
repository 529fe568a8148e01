import { failure } from './failure.ts'

/** Loads what needs an optional package; without the package, an error that names it. */
export async function importPeer<Loaded>(what: string, name: string, load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw failure(`${what} needs the package ${name}: npm install ${name}`)
  }
}
