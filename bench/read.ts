/** Where what was read goes. A compiler that sees it go nowhere leaves out the reading, as V8 does from Node 22 on. */
let sink = 0

/**
 * What is sent in the end is bytes: a string is encoded, for everyone alike. What `+` and `slice` give in V8 is a rope of the
 * parts, which nobody has copied yet; timed like that, a rewriter looks three times faster than it is. By Buffer, which took 4.6 us
 * for a real mail where Node 20's TextEncoder took 6.7; in Bun both take 2.1.
 */
export function toBytes(result: string | Uint8Array): Uint8Array {
  const bytes = typeof result === 'string' ? Buffer.from(result) : result
  sink = (sink ^ bytes[bytes.length - 1]!) & 0xff
  return bytes
}
