import { MailtraceError } from './errors.ts'

// Structural and found at the call: the published package knows web types only, and importing it must load no module of Node.
declare const process: { getBuiltinModule?: (id: string) => unknown } | undefined

/**
 * A module of Node, which Bun and Deno have too.
 *
 * @param instead what to do where there is none
 */
export function nodeModule<Module>(id: string, instead: string): Module {
  const found = typeof process === 'object' ? process?.getBuiltinModule?.(id) : undefined
  if (found === undefined) throw new MailtraceError('unsupported-platform', `this platform has no ${id}: ${instead}`)
  return found as Module
}
