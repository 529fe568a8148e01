// A mutation run: changes the source in one place at a time, and looks whether a test fails. Without the corpus, as a clone has none.
//
//   npm run mutation                                   150 mutants of the core, picked by seed 1
//   npm run mutation -- --sample 500 --seed 7          others
//   npm run mutation -- --all --only src/html          every mutant of a folder or file
//   npm run mutation -- --minutes 60 --jobs 2          stops by then, and says how far it came
//
// What no test can tell from the source, as it behaves the same, stands in equivalent.json and is left out:
// { path, before, after, in: the part of its line that it stands in, because }.

import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutantsOf } from './mutants.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '60' },
    jobs: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
})
const core = ['src/html', 'src/instrument', 'src/tracking-url', 'src/domains', 'src/receiver']
const deadline = Date.now() + Number(values.minutes) * 60_000
/** How long the tests take without any change, in ms. A mutant whose tests take three times that hangs. */
const baseline = { run: 0, related: 0 }

const wanted = values.only ?? core
const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name}`)
  .filter((path) => path.endsWith('.ts') && wanted.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
  .sort()
const equivalent = JSON.parse(readFileSync(join(repository, 'test/mutation/equivalent.json'), 'utf8'))
const isEquivalent = ({ path, before, after, text, column }) =>
  equivalent.some((each) => {
    if (each.path !== path || each.before !== before || each.after !== after) return false
    const from = text.indexOf(each.in)
    return from >= 0 && from <= column && column < from + each.in.length
  })
const everyMutant = sources
  .flatMap((path) => {
    const text = readFileSync(join(repository, path), 'utf8')
    const lines = text.split('\n')
    return mutantsOf(path, text).map((mutant) => {
      const line = lines[mutant.line - 1]
      const column = mutant.start - text.lastIndexOf('\n', mutant.start - 1) - 1
      return { ...mutant, text: line.trim(), column: column - line.search(/\S/) }
    })
  })
  .filter((mutant) => !isEquivalent(mutant))
const chosen = values.all ? everyMutant : shuffle(everyMutant, Number(values.seed)).slice(0, Number(values.sample))

/** The same order for the same seed: mulberry32. */
function shuffle(items, seed) {
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const shuffled = [...items]
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]]
  }
  return shuffled
}

const workshop = mkdtempSync(join(tmpdir(), 'mailtrace-mutation-'))
const running = new Set()
let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    isStopped = true
    for (const child of running) kill(child)
  })
}
const kill = (child) => {
  try {
    process.kill(-child.pid, 'SIGKILL') // the process group: vitest has workers
  } catch {
    // It has just ended.
  }
}

/** A copy of the project to change, with the packages of the original. */
function copyProject(name) {
  const copy = join(workshop, name)
  mkdirSync(copy)
  for (const each of readdirSync(repository)) {
    if (!['node_modules', 'dist', 'coverage', '.git'].includes(each))
      cpSync(join(repository, each), join(copy, each), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** @returns {Promise<'passed' | 'failed' | 'timed out'>} */
function runTests(copy, args, timeoutMs) {
  if (isStopped) return Promise.resolve('timed out')
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', ...args, '--bail=1', '--maxWorkers=1', '--silent'],
      {
        cwd: copy,
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, NO_COLOR: '1', MAILTRACE_CORPUS: join(copy, 'no-corpus'), MAILTRACE_RUNS: '400' },
      },
    )
    running.add(child)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      kill(child)
    }, timeoutMs)
    child.on('close', (code) => {
      clearTimeout(timer)
      running.delete(child)
      resolve(isLate ? 'timed out' : code === 0 ? 'passed' : 'failed')
    })
  })
}

/** Long, and about something else: what they alone would notice lacks a row of its own. */
const others = ['package', 'cli', 'demo', 'engagement', 'servers'].map((name) => `--exclude=test/${name}/**`)
const related = (paths) => [
  'related',
  ...paths,
  '--run',
  '--passWithNoTests',
  '--exclude=test/readme.test.ts',
  ...others,
]

/** The tests that mirror a source file, most likely to fail; then all that import it, however indirectly. */
function stagesFor(path) {
  const test = path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts')
  const stages = [test, dirname(test)].filter((each) => existsSync(join(repository, each)))
  return [...stages.map((each) => ['run', each]), related([path])]
}

async function judge(copy, mutant) {
  const file = join(copy, mutant.path)
  const original = readFileSync(file, 'utf8')
  writeFileSync(file, original.slice(0, mutant.start) + mutant.after + original.slice(mutant.end))
  try {
    for (const stage of stagesFor(mutant.path)) {
      const limitMs = Math.max(60_000, 3 * baseline[stage[0]])
      const outcome = await runTests(copy, stage, limitMs)
      // A test that flakes on a busy machine hardly does so twice.
      if (outcome === 'timed out' || (outcome === 'failed' && (await runTests(copy, stage, limitMs)) !== 'passed'))
        return outcome
    }
    return 'survived'
  } finally {
    writeFileSync(file, original)
  }
}

const judged = []
async function work(copy) {
  for (let mutant = chosen.shift(); mutant && !isStopped && Date.now() < deadline; mutant = chosen.shift()) {
    const outcome = await judge(copy, mutant)
    if (isStopped) return
    judged.push({ ...mutant, outcome })
    if (outcome === 'survived') console.log(describe(mutant))
  }
}

const describe = ({ path, line, before, after, text }) =>
  `survived  ${path}:${line}\n    ${text}\n    ${JSON.stringify(before.slice(0, 80))} -> ${JSON.stringify(after)}`

const total = chosen.length
console.log(`${total} of ${everyMutant.length} mutants in ${sources.length} files`)
try {
  // At once, so that all run against the source as it is now.
  const copies = Array.from({ length: Number(values.jobs) }, (_, at) => copyProject(`copy-${at}`))
  // A test that fails without any change would fail for every mutant, too.
  const paths = [...new Set(chosen.map(({ path }) => path))]
  const mirrors = new Set(
    paths.flatMap((path) => stagesFor(path).filter(([verb]) => verb === 'run')).map(([, test]) => test),
  )
  for (const args of [['run', ...mirrors], related(paths)]) {
    const begun = Date.now()
    const outcome = await runTests(copies[0], args, 900_000)
    if (isStopped) throw new Error('stopped before the first mutant')
    if (outcome !== 'passed')
      throw new Error(`the tests fail without any change: vitest ${args.slice(0, 3).join(' ')} …`)
    baseline[args[0]] = Date.now() - begun
  }
  await Promise.all(copies.map(work))
} finally {
  rmSync(workshop, { recursive: true, force: true })
}

const folders = new Map()
for (const each of judged) {
  const folder = each.path.split('/').slice(0, 2).join('/')
  folders.set(folder, [...(folders.get(folder) ?? []), each])
}
const score = (list) => {
  const detected = list.filter(({ outcome }) => outcome !== 'survived').length
  return {
    mutants: list.length,
    detected,
    'timed out': list.filter(({ outcome }) => outcome === 'timed out').length,
    score: `${((100 * detected) / list.length).toFixed(1)} %`,
  }
}
console.table({
  ...Object.fromEntries([...folders].sort().map(([name, list]) => [name, score(list)])),
  all: score(judged),
})
if (judged.length < total) console.log(`stopped after ${judged.length} of ${total}`)
if (values.json) writeFileSync(values.json, JSON.stringify(judged, null, 2))
