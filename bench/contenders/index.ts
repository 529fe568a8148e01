// Owns the list of contenders, in the order in which they are shown. Each is loaded when it is wanted: not every
// runtime has every peer.

import type { Contender } from './contender.ts'

const loaders: Record<string, () => Promise<Contender>> = {
  'floor: hop over `<`': async () => (await import('./floors.ts')).hopOverTags,
  'floor: copy the text': async () => (await import('./floors.ts')).copyText,
  'ours, trivial URLs': async () => (await import('./ours.ts')).oursTrivial,
  'ours, stored': async () => (await import('./ours.ts')).oursStored,
  'ours, signed': async () => (await import('./ours.ts')).oursSigned,
  'ours, prepared, stored': async () => (await import('./ours.ts')).oursPreparedStored,
  'ours, prepared, signed': async () => (await import('./ours.ts')).oursPreparedSigned,
  'regex, naive': async () => (await import('./regex.ts')).naiveRegex,
  'regex, careful': async () => (await import('./regex.ts')).carefulRegex,
  'htmlparser2 Tokenizer': async () => (await import('./htmlparser2.ts')).htmlparser2Tokenizer,
  'lol-html, WebAssembly': async () => (await import('./lol-html-wasm.ts')).lolHtmlWasm,
  'node-html-parser': async () => (await import('./node-html-parser.ts')).nodeHtmlParser,
  'parse5 rewriting stream': async () => (await import('./parse5-rewriting-stream.ts')).parse5RewritingStream,
  cheerio: async () => (await import('./cheerio.ts')).cheerio,
  'Bun HTMLRewriter': async () => (await import('./bun-html-rewriter.ts')).bunHtmlRewriter,
}

/** All that run under Node. */
export const nodeContenders: readonly string[] = Object.keys(loaders).filter((name) => name !== 'Bun HTMLRewriter')

export function loadContender(name: string): Promise<Contender> {
  const load = loaders[name]
  if (load === undefined) throw new Error(`no contender "${name}": use one of ${Object.keys(loaders).join('; ')}`)
  return load()
}
