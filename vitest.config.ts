import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/kit/seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest would leave one of two cores to itself.
    maxWorkers: '100%',
  },
})
