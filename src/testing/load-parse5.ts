import type * as Parse5 from 'parse5'
import { MailtraceError } from '../errors.ts'
import { nodeModule } from '../node-module.ts'

export type { DefaultTreeAdapterMap, Parser, Token } from 'parse5'

interface NodeModules {
  createRequire(from: string): (id: string) => unknown
}

/**
 * parse5 as the caller has installed it. It is looked for when it is needed, so that an application without it can load all
 * of mailtrace, and synchronously, so that a check is one line of a test.
 *
 * @param createRequire Default: Node's
 */
export function loadParse5(createRequire?: NodeModules['createRequire']): typeof Parse5 {
  const create =
    createRequire ?? nodeModule<NodeModules>('node:module', 'run checkFidelity on Node, Bun or Deno').createRequire
  try {
    return create(import.meta.url)('parse5') as typeof Parse5
  } catch {
    throw new MailtraceError('unsupported-platform', 'checkFidelity needs parse5: npm install --save-dev parse5')
  }
}
