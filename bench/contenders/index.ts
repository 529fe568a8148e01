import type { Contender } from './contender.ts'
import { ours } from './ours.ts'

/** Native lol-html, which runs under Bun only. */
export const bunContender = 'lol-html, native (Bun)'

// Each is loaded when it is wanted: not every runtime has every peer.
const loaders: Record<string, () => Promise<Contender>> = {
  ...Object.fromEntries(Object.entries(ours).map(([name, contender]) => [name, async () => contender])),
  'regex, careful': async () => (await import('./regex.ts')).carefulRegex,
  'htmlparser2 Tokenizer': async () => (await import('./htmlparser2.ts')).htmlparser2Tokenizer,
  'lol-html, WebAssembly': async () => (await import('./lol-html-wasm.ts')).lolHtmlWasm,
  'parse5 rewriting stream': async () => (await import('./parse5-rewriting-stream.ts')).parse5RewritingStream,
  cheerio: async () => (await import('./cheerio.ts')).cheerio,
  [bunContender]: async () => (await import('./bun-html-rewriter.ts')).bunHtmlRewriter,
}

/** All that run under Node. */
export const nodeContenders: readonly string[] = Object.keys(loaders).filter((name) => name !== bunContender)

export function loadContender(name: string): Promise<Contender> {
  const load = loaders[name]
  if (load === undefined) throw new Error(`no contender "${name}": use one of ${Object.keys(loaders).join('; ')}`)
  return load()
}
