import type { Html } from '../../hono.ts'

/** Outlines on a field of 24 by 24, drawn for this console. */
const paths = {
  overview: 'M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z',
  domains: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  campaigns: 'M4 9.5v5h3l8 4.5V5L7 9.5zM18 9a4.5 4.5 0 0 1 0 6M8 14.5l1 5h2.5l-.8-4',
  messages: 'M4 6.5h16v11H4zM4 7l8 6 8-6',
  live: 'M3.5 12H7l2.5-6.5 5 13L17 12h3.5',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name }: { readonly name: IconName }): Html => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
)

export const Logo = (): Html => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect width="24" height="24" rx="7" fill="#4f46e5" />
    <path
      d="M5.5 16.5 9 8l3 5.5L15 8l3.5 8.5"
      fill="none"
      stroke="#fff"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
)
