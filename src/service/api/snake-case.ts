import { isoTime } from './iso-time.ts'

/**
 * Numbers as this API tells them: fields in the case of Resend's API, and times, which end in `At`, as it writes them.
 */
export function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => [
      field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      field.endsWith('At') && typeof content === 'number' ? isoTime(content) : snakeCase(content),
    ]),
  )
}
