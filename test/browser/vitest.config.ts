// How the checks in a real browser are run: apart from `npm test`, as they want Chromium.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // The checks wait for Chromium more than they compute.
    maxWorkers: 3,
    reporters: ['verbose', './test/browser/tally.ts'],
  },
})
