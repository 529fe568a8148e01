// The last line of a run in the browser: how many checks passed and how many failed.

import type { Reporter, SerializedError, TestModule } from 'vitest/node'

// Vitest wants a default export of a reporter in a file of its own.
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0
    // A file that cannot be run has no failed check of its own, but must not look like success.
    let failed = unhandled.length
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state)
      const failures = states.filter((state) => state === 'failed').length
      passed += states.filter((state) => state === 'passed').length
      failed += module.state() === 'failed' ? Math.max(failures, 1) : failures
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`)
  }
}
