// Reads a CAA record set: may this certificate authority issue for this name? It must never look at DNS.

import type { CaaProperty } from './resolver.ts'

/** Who issues the certificate of the tracking host, as CAA records name it. */
export interface CertificateAuthority {
  /**
   * The names by which CAA records call it. A record with one of them suffices: `['letsencrypt.org']`; for Amazon
   * `['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com']`. The first is the one that a finding tells people to
   * add.
   *
   */
  readonly names: readonly string[]
  /** The ACME account that asks for the certificate, for records that allow certain accounts only (RFC 8657). */
  readonly accountUri?: string
  /** How it proves the name, `['http-01']`, for records that allow certain methods only (RFC 8657). */
  readonly validationMethods?: readonly string[]
}

/** What a record set says of a certificate for one name that is no wildcard. */
export type CaaVerdict =
  | { readonly kind: 'allowed' }
  /** It allows a certificate if the parameter fits. Whether it does, the caller's options do not tell. */
  | { readonly kind: 'unclear'; readonly parameter: string }
  | { readonly kind: 'unlisted' }
  /** It has a critical property, which the authority must understand and may not know. */
  | { readonly kind: 'critical'; readonly tag: string }

/** Those that authorities in general understand: RFC 8659 section 4 and RFC 9495. */
const knownTags = ['issue', 'issuewild', 'iodef', 'issuemail']

/** 128 is the critical bit (RFC 8659 section 4.1). Many publish 1 for it, and Let's Encrypt takes that as critical too. */
const criticalBits = 128 | 1

/** Judges a record set that is not empty (RFC 8659 section 4). */
export function judgeCaa(set: readonly CaaProperty[], authority: CertificateAuthority): CaaVerdict {
  const strange = set.find(({ flags, tag }) => flags & criticalBits && !knownTags.includes(tag.toLowerCase()))
  if (strange) return { kind: 'critical', tag: strange.tag }
  // `issuewild` is for wildcard certificates alone; a tracking host gets one for its name.
  const verdicts = set
    .filter(({ tag }) => tag.toLowerCase() === 'issue')
    .map(({ value }) => judgeIssue(value, authority))
  const best = verdicts.find(({ kind }) => kind === 'allowed') ?? verdicts.find(({ kind }) => kind === 'unclear')
  if (best) return best
  return { kind: verdicts.length === 0 ? 'allowed' : 'unlisted' }
}

// issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]
// parameter   = tag *WSP "=" *WSP value           (RFC 8659 section 4.2; what does not fit allows nobody)
const parameterPattern = /^([a-z0-9-]+)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)$/i

function judgeIssue(value: string, authority: CertificateAuthority): CaaVerdict {
  const [issuer = '', ...rest] = value.split(';').map((part) => part.trim())
  if (!authority.names.some((name) => name.toLowerCase() === issuer.toLowerCase())) return { kind: 'unlisted' }
  const parts = rest.length === 1 && rest[0] === '' ? [] : rest
  const parameters = parts.map((part) => parameterPattern.exec(part))
  let unclear: CaaVerdict | null = null
  let accounts = 0
  for (const parameter of parameters) {
    if (parameter === null) return { kind: 'unlisted' }
    const tag = parameter[1]!.toLowerCase()
    const text = parameter[2]!
    if (tag === 'accounturi') {
      if (++accounts > 1) return { kind: 'unlisted' } // RFC 8657 section 3
      if (authority.accountUri === undefined) unclear = { kind: 'unclear', parameter: `${tag}=${text}` }
      else if (authority.accountUri !== text) return { kind: 'unlisted' }
    }
    if (tag === 'validationmethods') {
      const allowed = text.split(',')
      if (authority.validationMethods === undefined) unclear = { kind: 'unclear', parameter: `${tag}=${text}` }
      else if (!authority.validationMethods.some((method) => allowed.includes(method))) return { kind: 'unlisted' }
    }
  }
  return unclear ?? { kind: 'allowed' }
}
