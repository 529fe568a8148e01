/** In bytes. The longest form has a host name and a few words. */
const longestForm = 16_384

/** The fields of a posted form; `null` for what is none, is too long, or did not come whole. */
export async function readForm(request: Request): Promise<URLSearchParams | null> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type) || request.body === null) return null
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length
      if (length > longestForm) {
        // Nobody reads the rest, and nobody waits for it.
        reader.cancel().catch(() => {})
        return null
      }
      chunks.push(read.value)
    }
  } catch {
    return null
  }
  return new URLSearchParams(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text())
}
