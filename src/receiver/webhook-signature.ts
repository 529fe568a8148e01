import { optionChecks } from '../checks.ts'

/** Gives the value of `webhook-signature`. */
export type SignWebhook = (id: string, timestamp: number, body: string) => Promise<string>

/** In bytes, as the standard has it. */
const [minSecretBytes, maxSecretBytes] = [24, 64]

/**
 * Standard Webhooks, "Signature scheme": HMAC-SHA256 over `ID.TIMESTAMP.BODY`, one signature for each secret.
 *
 * @throws {MailtraceError} `invalid-options`, never with the secret in it.
 */
export function createWebhookSigner(secret: unknown): SignWebhook {
  const secrets = typeof secret === 'string' ? [secret] : optionChecks.list(secret, 'secret')
  if (secrets.length === 0) throw optionChecks.error('secret is an empty array: use at least one')
  const rawKeys = secrets.map(readSecret)
  let keys: Promise<CryptoKey[]> | null = null
  return async (id, timestamp, body) => {
    keys ??= Promise.all(rawKeys.map(importKey))
    const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
    const macs = await Promise.all((await keys).map((key) => crypto.subtle.sign('HMAC', key, content)))
    return macs.map((mac) => `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`).join(' ')
  }
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

function readSecret(secret: unknown): Uint8Array<ArrayBuffer> {
  const base64 = typeof secret === 'string' ? /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1] : undefined
  const bytes = base64 === undefined ? null : decodeBase64(base64)
  if (bytes === null) throw optionChecks.error('secret is no "whsec_" with base64 behind it: use one like that')
  if (bytes.length < minSecretBytes || bytes.length > maxSecretBytes) {
    const range = `${minSecretBytes} to ${maxSecretBytes}`
    throw optionChecks.error(`secret has ${bytes.length} bytes: use ${range} random ones, in base64 behind "whsec_"`)
  }
  return bytes
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}
