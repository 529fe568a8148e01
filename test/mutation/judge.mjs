// The part of a mutation run that works inside of vitest, in one process for all: runs each test file once to learn which mutants each
// test reaches, and then, for each mutant, the tests that reach it. First the tests of what is mutated; what survives these, those of the
// next ring. run.mjs starts it, and reads what it writes.

import { appendFileSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeAll, it, TestRunner } from 'vitest'
import { startTests } from 'vitest/internal/browser'

const { count, mutants, journal, rings } = JSON.parse(readFileSync(process.env.MAILTRACE_MUTATION, 'utf8'))
const report = (line) => appendFileSync(journal, `${JSON.stringify(line)}\n`)
const reported = readFileSync(journal, 'utf8').split('\n').slice(0, -1).map(JSON.parse)
report({ pid: process.pid })

const worker = globalThis.__vitest_worker__
const { moduleRunner } = globalThis.__vitest_mocker__

/** What the source asks, as it is built by switches.mjs. */
const switches = {
  on: -1,
  reached: new Uint8Array(count),
  steps: 0,
  limit: Number.POSITIVE_INFINITY,
  mutant(id) {
    switches.reached[id] = 1
    return switches.on === id
  },
  die() {
    throw new Error('deadly')
  },
  step() {
    if (++switches.steps > switches.limit) throw new Error('a loop without an end')
  },
}
globalThis.__mutation = switches

let hasStrayError = false
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, () => {
    hasStrayError = true
  })
const { setInterval, clearInterval } = globalThis

/** Runs tests within the hook below. `known` is what they take without any change, or `null` where that is to be learned. */
class NestedRunner extends TestRunner {
  outcome = 'passed'
  failure = ''

  constructor(known) {
    super({ ...worker.config, setupFiles: [] })
    this.known = known
    this.moduleRunner = moduleRunner
    this.__setTraces({ $: (_, options, traced = options) => traced() })
  }
  async onBeforeRunTask(test) {
    if (this.known && this.outcome !== 'passed') test.mode = 'skip' // One that fails is enough.
    await super.onBeforeRunTask(test)
  }
  onBeforeTryTask(test) {
    switches.steps = 0
    if (this.known) switches.limit = 10 * this.known.get(test.id).steps + 1_000_000
    super.onBeforeTryTask(test)
  }
  async runTask(test) {
    // Ticks, not time: a process that gets no turn on a busy machine has fewer of them.
    let ticks = this.known ? 30 + this.known.get(test.id).durationMs / 10 : 1200
    let timer
    const late = new Promise((_, reject) => {
      timer = setInterval(() => {
        if (--ticks > 0) return
        this.outcome = 'timed out'
        reject(new Error('timed out'))
      }, 100)
    })
    try {
      await Promise.race([TestRunner.getTestFn(test)(), late])
    } finally {
      clearInterval(timer)
    }
  }
  onAfterRunTask(test) {
    if (switches.steps > switches.limit) this.outcome = 'timed out'
    else if (test.result?.state === 'fail' && this.outcome !== 'timed out') {
      this.outcome = 'failed'
      this.failure = `${test.name}: ${test.result.errors?.[0]?.message}`
    }
    this.onTest?.(test)
    super.onAfterRunTask(test)
  }
  // What vitest does there would end the snapshots of this file.
  onAfterRunSuite() {}
  onAfterRunFiles() {}
}

/** Modules that ran stay in memory. With more of them, garbage collection takes most of the time, and another process goes on. */
const maxHeapBytes = 1.5e9

const everyModule = /\/(src|test)\//
const testModules = /\/test\//

/** Modules of the project run anew, and no test mocks any for another; what they are built into stays. */
function forget(which) {
  globalThis.__vitest_mocker__.reset()
  for (const [id, module] of worker.evaluatedModules.idToModuleMap) {
    if (!which.test(id) || id.includes('/test/mutation/')) continue
    Object.assign(module, { promise: undefined, exports: undefined, evaluated: false })
    module.importers.clear()
  }
}

async function run(file, testIds, runner) {
  hasStrayError = false
  switches.steps = 0
  const [{ result }] = await startTests([{ filepath: file, testIds }], runner)
  await nextTurn()
  if (runner.outcome === 'passed' && (hasStrayError || result?.state === 'fail')) {
    runner.outcome = 'failed'
    runner.failure ||= result?.errors?.[0]?.message ?? 'an error that nothing awaited'
  }
  return runner
}

const tests = new Map()
/** For each mutant the tests that reach it, and the files that reach it while they are loaded. */
const testsOf = Array.from({ length: count }, () => new Set())
const loadersOf = Array.from({ length: count }, () => new Set())

function takeReached() {
  const ids = mutants.filter((id) => switches.reached[id])
  switches.reached.fill(0)
  return ids
}

async function learn(file) {
  forget(everyModule)
  switches.limit = Number.POSITIVE_INFINITY
  switches.reached.fill(0)
  const lesson = { learned: file, loaded: [], tests: [] }
  const runner = new NestedRunner(null)
  const onBeforeTryTask = runner.onBeforeTryTask.bind(runner)
  runner.onBeforeTryTask = (test) => {
    lesson.loaded.push(...takeReached())
    onBeforeTryTask(test)
  }
  runner.onTest = (test) => {
    const reached = takeReached()
    const { state, duration: durationMs, errors } = test.result ?? {}
    if (state === 'pass') lesson.tests.push({ file, id: test.id, durationMs, steps: switches.steps, reached })
    else if (state === 'fail')
      report({ problem: `left out, as it fails without any change: ${file}, ${test.name}: ${errors[0].message}` })
  }
  await run(file, undefined, runner)
  lesson.loaded.push(...takeReached())
  report({ ...lesson, cpuMs: Math.round(process.cpuUsage().user / 1000) })
  return lesson
}

function remember({ learned: file, loaded, tests: known }) {
  for (const id of loaded) loadersOf[id].add(file)
  for (const test of known) {
    tests.set(test.id, test)
    for (const id of test.reached) testsOf[id].add(test)
  }
}

const mocksModules = (file) => readFileSync(file, 'utf8').includes('vi.mock(')

async function runWith(id, file, testIds) {
  // What is evaluated while modules load is evaluated anew, with the mutant and then without it. So is what a test mocks.
  const stale = loadersOf[id].has(file) || mocksModules(file) ? everyModule : testModules
  forget(stale)
  Object.assign(switches, { on: id, limit: 10_000_000 })
  const runner = await run(file, testIds, new NestedRunner(tests))
  switches.on = -1
  forget(stale)
  return runner
}

async function judge(id) {
  const candidates = [...tests.values()].filter((test) => loadersOf[id].has(test.file) || testsOf[id].has(test))
  if (candidates.length === 0) return { outcome: 'not reached' }
  // Quick ones first: most mutants fall to one of these.
  for (const isQuick of [true, false]) {
    const byFile = new Map()
    for (const test of candidates.filter(({ durationMs }) => durationMs < 30 === isQuick)) {
      const known = byFile.get(test.file) ?? { ms: 0, ids: [] }
      byFile.set(test.file, { ms: known.ms + test.durationMs, ids: [...known.ids, test.id] })
    }
    for (const [file, { ids }] of [...byFile].sort(([, a], [, b]) => a.ms - b.ms)) {
      let { outcome, failure } = await runWith(id, file, ids)
      // A test that waits for something may fail by chance, but hardly twice.
      if (outcome !== 'passed' && !isQuick) ({ outcome, failure } = await runWith(id, file, ids))
      if (outcome !== 'passed') return { outcome, by: file, failure: failure.slice(0, 300) }
    }
  }
  return { outcome: 'survived' }
}

// A hook, as tests cannot be declared while one runs.
beforeAll(async () => {
  const ringOf = new Map(reported.map((each) => [each.judged, each.ring]))
  let open = mutants
  for (const [ring, files] of rings.entries()) {
    if (open.length === 0) break
    tests.clear()
    for (const file of files) remember(reported.find(({ learned }) => learned === file) ?? (await learn(file)))
    const left = []
    for (const id of open) {
      if (!(ringOf.get(id) >= ring)) {
        report({ begun: id })
        const judged = await judge(id)
        report({ judged: id, ring, ...judged, cpuMs: Math.round(process.cpuUsage().user / 1000) })
        if (process.memoryUsage().heapUsed > maxHeapBytes) return report({ isFull: true })
        if ('by' in judged) continue
      }
      left.push(id)
    }
    open = left
  }
  report({ isDone: true })
}, 0)
it('judges the mutants', () => {})
