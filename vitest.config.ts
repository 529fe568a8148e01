import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vitest would leave one of two cores to itself.
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000, maxWorkers: '100%' },
})
