/**
 * Why a part, or a whole message, is left as it is, in order of precedence: the first reason that holds is given. Beside each
 * stands what a person is told.
 */
export const partReasons = {
  'dkim-signed': 'its DKIM signature would break',
  malformed: 'mail readers could take it in more than one way',
  'too-complex': 'it has more parts, or parts within parts, than anybody sends',
  signed: 'its signature would break',
  encrypted: 'nobody but its recipient can read it',
  'other-type': 'it is neither HTML nor, if asked for, plain text',
  attachment: 'it is an attachment',
  empty: 'it has no content',
  encoding: 'its transfer encoding is unknown, or it is not encoded the way it says',
  charset: 'in its charset, or in what it says of it, ASCII bytes may mean something else',
} as const

export type PartReason = keyof typeof partReasons
