import { consoleScript } from './console-script.ts'
import { baseStyle } from './style/base-style.ts'
import { pagesStyle } from './style/pages-style.ts'
import { partsStyle } from './style/parts-style.ts'

export interface Asset {
  readonly path: string
  readonly type: string
  readonly body: string
}

/** Its path changes with its content, so that a browser can keep it and never has an old one. */
const asset = (name: string, ending: string, type: string, body: string): Asset => ({
  path: `/assets/${name}-${hash(body)}.${ending}`,
  type,
  body,
})

/** FNV-1a of 32 bits: it tells one release from another, and guards nothing. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(36)
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="7" fill="#4f46e5"/><path d="M5.5 16.5 9 8l3 5.5L15 8l3.5 8.5" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>'

export const assets: Readonly<Record<'style' | 'script' | 'icon', Asset>> = {
  style: asset('console', 'css', 'text/css; charset=utf-8', baseStyle + partsStyle + pagesStyle),
  script: asset('console', 'js', 'text/javascript; charset=utf-8', consoleScript),
  icon: asset('icon', 'svg', 'image/svg+xml', icon),
}
