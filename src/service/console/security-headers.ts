import { imagesOnceAsked } from '../../inspection/framed-email.ts'

/** For every page of the console: only what comes from its own origin, no inline code, in nobody's frame. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // With `no-referrer` a browser would send `Origin: null` with the console's own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // Numbers of people are nobody else's.
  'cache-control': 'no-store',
}

/**
 * For an email. It is a document of its own, as one in `srcdoc` would inherit the console's policy and lose its styles. The
 * sandbox holds wherever it is opened, in a tab of its own too.
 */
export function emailHeaders(loadsImages: boolean): Readonly<Record<string, string>> {
  const images = loadsImages ? imagesOnceAsked : 'data:'
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `sandbox; default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  }
}
