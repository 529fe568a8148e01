import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { checkDomain, type DomainConfig } from '../../src/config/domain-config.ts'
import { readTrackingUrl } from '../../src/index.ts'
import { decodeBase64Url } from '../../src/tracking-url/base64url.ts'
import { createMac, macBytes, macRoom } from '../../src/tracking-url/mac.ts'
import { type MessageClicks, type MessageOpen, readPayload } from '../../src/tracking-url/payload.ts'
import { createTokenOpener, createTokenSigner } from '../../src/tracking-url/token.ts'
import vectors from '../../src/tracking-url/vectors.json' with { type: 'json' }

interface VectorKey {
  readonly id: string
  readonly secretText?: string
  readonly secretHex?: string
}
type Label = keyof typeof vectors.domains

/** What a signed vector says, in the specification's units: seconds. */
interface Claims {
  readonly kind: string
  readonly mode: string
  readonly part?: string
  readonly pixel?: string
  readonly ref: string
  readonly index?: number
  readonly destination?: string
}

function secretOf({ secretText, secretHex }: VectorKey): string | Uint8Array {
  return secretText ?? Buffer.from(secretHex!, 'hex')
}

function configOf(label: string): DomainConfig {
  const { name, host, keys } = vectors.domains[label as Label]
  return {
    name,
    openTracking: true,
    clickTracking: true,
    trackingDomains: [{ host, status: 'verified' }],
    signingKeys: keys.map((key: VectorKey) => ({ id: key.id, secret: secretOf(key) })),
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('domains of the vectors', () => {
  it.each(Object.entries(vectors.domains))('%s: the name in canonical form', (label, { canonicalName }) => {
    expect(checkDomain(configOf(label)).name).toBe(canonicalName)
  })
})

describe('signed vectors', () => {
  it.each(vectors.signed)('$name', ({ domain: label, keyId, name, time, issuedAt, url, token, context, ...rest }) => {
    const { payload, mac, ...vector } = rest
    const claims: Claims = vector
    const domain = checkDomain(configOf(label))
    const key = domain.keys.find(({ id }) => id === keyId)!
    const signer = createTokenSigner(domain.name, key)

    const message = { ...claims, issuedAt: time * 1000 + 999 } as unknown as MessageClicks & MessageOpen
    const isOpen = claims.kind === 'open'
    const minted = isOpen ? signer.open(message) : signer.clicks(message)(claims.index!, claims.destination!)
    expect(minted).toBe(token)
    expect(hex(decodeBase64Url(token)!)).toBe(payload + mac)
    const buffer = Buffer.concat([Buffer.alloc(macRoom), Buffer.from(context + payload, 'hex'), Buffer.alloc(macBytes)])
    createMac(key.secret)(buffer, buffer.length - macBytes)
    expect(hex(buffer.subarray(-macBytes))).toBe(mac)

    const read = { ...claims, issuedAt: issuedAt * 1000 }
    expect(readPayload(Buffer.from(payload, 'hex'))).toEqual(read)
    expect(createTokenOpener(domain.name, domain.keys)(token)).toEqual(read)
    const { ref, ...fields } = claims
    const isAnonymous = claims.mode === 'anonymous'
    const reference = {
      ...fields,
      messageRef: isAnonymous ? null : ref,
      campaignRef: isAnonymous ? ref : null,
      issuedAt: issuedAt * 1000,
      authenticated: true,
    }
    for (const spelling of [url, `${url}?utm_source=gateway`, url.replace('https:', 'http:')]) {
      expect(readTrackingUrl(spelling, configOf(label))).toEqual(reference)
    }
  })
})

describe('stored vectors', () => {
  const { signingKeys: _, ...withoutKeys } = configOf('plain')

  it.each(vectors.stored)('$name', ({ name, domain, url, ref, ...vector }) => {
    const expected = {
      ...vector,
      ...(vector.kind === 'click' ? { destination: null } : {}),
      mode: null,
      messageRef: ref,
      campaignRef: null,
      issuedAt: null,
      authenticated: false,
    }
    expect(readTrackingUrl(url, withoutKeys)).toEqual(expected)
    expect(readTrackingUrl(url, configOf(domain)), 'after keys were added').toEqual(expected)
  })
})

describe('refused vectors', () => {
  it.each(vectors.refused)('$reason: $url', ({ domain, url }) => {
    expect(readTrackingUrl(url, configOf(domain))).toBeNull()
  })
})

describe('an independent reader', () => {
  it('in Python agrees on every vector, both ways', async () => {
    const script = fileURLToPath(new URL('read_vectors.py', import.meta.url))
    const file = fileURLToPath(new URL('../../src/tracking-url/vectors.json', import.meta.url))
    const { stdout } = await promisify(execFile)('python3', ['-B', script, file]).catch((error) => {
      if (error.code === 'ENOENT') throw new Error('python3 is not installed: this test needs Python 3.9 or newer')
      throw error
    })
    const { signed, stored, refused } = vectors
    expect(stdout).toBe(`${signed.length} signed, ${stored.length} stored, ${refused.length} refused\n`)
  })
})
