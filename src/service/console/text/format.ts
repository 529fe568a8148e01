/** `12,345` */
export const formatCount = (value: number): string => value.toLocaleString('en-US')

/** `12.3 %`; a share that is not nothing is never shown as nothing, nor one that is not all as all. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  if (percent < 100 && percent > 99.9) return '> 99.9 %'
  return `${percent.toFixed(percent === 0 || percent === 100 ? 0 : 1)} %`
}

/** `1 message`, `2 messages` */
export const formatMany = (count: number, one: string, many: string = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** Dates end 8.64e15 ms after the epoch (ECMA-262 section 21.4.1.1). */
const lastTime = 8.64e15

export const isTime = (time: number): boolean => Math.abs(time) <= lastTime

/** `24 Nov 2026, 20:10` in UTC. */
export function formatTime(time: number): string {
  return new Date(time).toLocaleString('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** `24 Nov 2026` */
export function formatDay(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

/** `24 Nov` */
export function formatShortDay(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })
}

/** In ms, largest first. */
const spans = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const

/** How long something took: `340 ms`, `1.5 s`, `12.0 h`. */
export function formatSpan(ms: number): string {
  const [unit, name] = spans.find(([length]) => ms >= length) ?? [1, 'ms']
  return `${unit === 1 ? ms : (ms / unit).toFixed(1)} ${name}`
}
