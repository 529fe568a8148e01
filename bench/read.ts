// Owns reading a result, so that nobody is timed without having built it.

/** Where what was read goes. A compiler that sees it go nowhere leaves out the reading, as V8 does from Node 22 on. */
let sink = 0

/**
 * Makes the engine build the text. What `+` and `slice` give in V8 is a rope of the parts, without a copy: timed like
 * that, a rewriter looks three times faster than it is, and whoever sends the mail pays the rest. Asking for one code
 * unit flattens the whole rope in V8 (and resolves it in JavaScriptCore) at the cost of that one copy, which is less
 * than encoding would add to everybody alike. On flat text it costs nothing.
 */
export function read(text: string): void {
  sink = (sink ^ text.charCodeAt(text.length - 1)) & 0xffff
}

/** The heap that reading a rope takes once it is compiled, in bytes a code unit: 1 or so if {@link read} builds it. */
export function heapGrowthOfReading(): number {
  const parts = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1000, '.'))
  const readRope = (): number => {
    let rope = ''
    for (const part of parts) rope += part
    read(rope)
    return rope.length
  }
  for (let i = 0; i < 2000; i++) readRope()
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const length = readRope()
  return (process.memoryUsage().heapUsed - before) / length
}
