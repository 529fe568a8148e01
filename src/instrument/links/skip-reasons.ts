/**
 * Why a link is left as it is, in order of precedence: the first reason that holds is given. Beside each stands what a person
 * is told.
 */
export const skipReasons = {
  'ambiguous-markup': 'what stands around it leaves open what it is',
  'opt-out': 'an attribute of the link says so',
  empty: 'it leads nowhere',
  'merge-tag': 'it has a merge tag that nobody filled in yet',
  fragment: 'it leads to a place in the mail itself',
  scheme: 'it is no web link: mailto, tel, an app',
  relative: 'where it leads depends on the page it stands in',
  'invalid-url': 'no browser can follow it',
  'already-tracked': 'it is a tracking URL of the domain already',
  charset: 'where it leads hangs on how the mail is encoded',
  caller: 'skipLink or skipUrls says so',
  'too-long': 'its tracked URL, or its redirect, would be longer than clients and servers take',
} as const

export type SkipReason = keyof typeof skipReasons
