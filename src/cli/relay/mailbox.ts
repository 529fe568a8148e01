import { domainToASCII } from 'node:url'

/** An address as commands have it. */
export interface Mailbox {
  readonly address: string
  /** It cannot be written in ASCII. */
  readonly needsUtf8: boolean
}

const beyondAscii = /[^\0-\x7f]/

/** smtp-server gives domains in their Unicode form; every server takes A-labels, where Unicode takes SMTPUTF8. */
export function readMailbox(address: string): Mailbox {
  const at = address.lastIndexOf('@') + 1
  const domain = address.slice(at)
  const ascii = beyondAscii.test(domain) ? domainToASCII(domain) : domain
  const written = address.slice(0, at) + (ascii || domain)
  return { address: written, needsUtf8: beyondAscii.test(written) }
}
