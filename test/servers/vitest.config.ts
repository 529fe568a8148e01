// Real servers around the package: apart from `npm test`, as they want Debian's packages caddy, nginx-light, openssl,
// python3-dkim and postgresql. The store's tests run here once more, on PostgreSQL.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/servers/**/*.servers.ts', 'test/store/**/*.test.ts'],
    setupFiles: ['test/kit/seed.ts'],
    globalSetup: ['test/servers/postgresql.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ['verbose'],
  },
})
