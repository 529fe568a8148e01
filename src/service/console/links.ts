// Addresses within the console. Names of campaigns are whatever the application chose.

type Fields = Readonly<Record<string, string | null | undefined>>

const query = (fields: Fields): string => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] != null)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

interface Named {
  readonly domain: string
}

export const domainPath = (id: string, rest = ''): string => `/domains/${encodeURIComponent(id)}${rest}`

/** The name is no part of the path, where `..` would mean something else. */
export const campaignPath = (
  { campaign, domain }: Named & { readonly campaign: string },
  rest = '',
  more: Fields = {},
): string => `/campaign${rest}${query({ name: campaign, domain, ...more })}`

export const messagePath = (
  { messageRef, domain }: Named & { readonly messageRef: string },
  rest = '',
  more: Fields = {},
): string => `/messages/${encodeURIComponent(messageRef)}${rest}${query({ domain, ...more })}`

export const listPath = (path: string, fields: Fields): string => `${path}${query(fields)}`
