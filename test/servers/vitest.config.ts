// Real servers in front of the receiver: apart from `npm test`, as they want Debian's packages caddy, nginx-light, openssl and
// python3-dkim.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/servers/**/*.servers.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['verbose'],
  },
})
