/** As Resend's API writes times; `null` for what is past the end of dates, 8.64e15 ms after the epoch (ECMA-262 section 21.4.1.1). */
export const isoTime = (time: number): string | null =>
  Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null
