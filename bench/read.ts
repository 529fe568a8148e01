// Owns reading a result, so that nobody is timed without having built it.

/**
 * Makes the engine build the text. What `+` and `slice` give in V8 is a rope of the parts, without a copy: timed like
 * that, a rewriter looks three times faster than it is, and whoever sends the mail pays the rest. Asking for one code
 * unit flattens the whole rope in V8 (and resolves it in JavaScriptCore) at the cost of that one copy, which is less
 * than encoding would add to everybody alike. On flat text it costs nothing.
 */
export function read(text: string): number {
  return text.charCodeAt(text.length - 1)
}

/** The heap that reading a rope of this many code units takes, in bytes a unit: 1 or so if {@link read} does build it. */
export function heapGrowthOfReading(length: number): number {
  const parts = Array.from({ length: 1000 }, (_, index) => `${index}`.padEnd(Math.ceil(length / 1000), '.'))
  let rope = ''
  for (const part of parts) rope += part
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  read(rope)
  return (process.memoryUsage().heapUsed - before) / rope.length
}
