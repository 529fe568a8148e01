import { quote } from '../../errors.ts'
import { isDeeper } from './json-depth.ts'
import { refuse } from './refuse.ts'

export type Fields = Readonly<Record<string, unknown>>

/** In bytes. No settings need a tenth of it. */
const maxSettingsBytes = 65_536

/** The fields of a JSON object, as the body of a request. */
export async function readFields(
  request: Request,
  known: readonly string[],
  maxBytes: number = maxSettingsBytes,
): Promise<Fields> {
  const value = await readJson(request, maxBytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    invalid(422, `the body is ${quote(value)}: send a JSON object`)
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) invalid(422, `the body has a field ${quote(key)}: use ${known.join(', ')}`)
  }
  return value as Fields
}

/** In arrays and objects within one another. Nothing that is sent here has more than six. */
const mostLevels = 32

/** What a request says of its own length is not believed. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    invalid(415, `the content-type is ${quote(type ?? null)}: send JSON, as application/json`)
  }
  return parse(await readText(request, maxBytes))
}

export function invalid(status: 400 | 409 | 413 | 415 | 422, message: string): never {
  refuse({ status, name: 'validation_error', message })
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = request.body?.getReader()
  let text = ''
  let bytes = 0
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader!.read()) {
      bytes += next.value.length
      if (bytes > maxBytes) break
      text += decoder.decode(next.value, { stream: true })
    }
    text += decoder.decode()
  } catch {
    invalid(400, 'the body did not come whole, or is no UTF-8: send JSON')
  }
  if (bytes > maxBytes) {
    // Nobody reads the rest, and nobody waits for it.
    reader?.cancel().catch(() => {})
    invalid(413, `the body has more than ${maxBytes} bytes: send less`)
  }
  return text
}

function parse(text: string): unknown {
  // Of 10 MB of brackets JSON.parse makes values for ten seconds, in which nobody's click is answered.
  if (isDeeper(text, mostLevels)) invalid(400, `the body has more than ${mostLevels} levels: send what this API takes`)
  try {
    return JSON.parse(text)
  } catch {
    invalid(400, 'the body is no JSON: send JSON')
  }
}
