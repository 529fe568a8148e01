import type { CheckedServiceOptions, Identity } from '../service-options.ts'

/** Whose key it is, and the key's digest, under which its requests are counted. */
export interface KnownKey extends Identity {
  readonly digest: string
}

export type CheckKey = (token: string) => Promise<KnownKey | null>

/** In characters. Longer ones are nobody's. */
const maxTokenLength = 256

/**
 * Keys are compared by their digests, and each with all: how long that takes tells nothing of how much of a key was right, nor
 * whose it was.
 */
export function createKeyCheck(apiKeys: CheckedServiceOptions['apiKeys']): CheckKey {
  if (typeof apiKeys === 'function') {
    return async (token) => {
      if (token.length > maxTokenLength) return null
      const identity = await apiKeys(token)
      return identity ? { owner: identity.owner, access: identity.access, digest: toHex(await digestOf(token)) } : null
    }
  }
  const identities = apiKeys.map(({ owner = 'default', access }): Identity => ({ owner, access }))
  const digests = Promise.all(apiKeys.map(({ key }) => digestOf(key)))
  return async (token) => {
    if (token.length > maxTokenLength) return null
    const given = await digestOf(token)
    let found: Identity | null = null
    for (const [index, known] of (await digests).entries()) if (isEqual(known, given)) found = identities[index]!
    return found && { ...found, digest: toHex(given) }
  }
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Of one length. Looks at all bytes, whatever the first ones say. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0
  for (const [at, byte] of a.entries()) difference |= byte ^ b[at]!
  return difference === 0
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
