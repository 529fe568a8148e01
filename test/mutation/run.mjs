// A mutation run: changes the source in one place at a time, and looks whether a test fails. Without the corpus, as a clone has none.
//
//   npm run mutation                                   300 mutants of the core, picked by seed 1
//   npm run mutation -- --sample 500 --seed 7          others
//   npm run mutation -- --all --only src/html          every mutant of a folder or file
//   npm run mutation -- --minutes 60                   stops by then, and says how far it came
//   npm run mutation -- --journal /tmp/html.jsonl      goes on where the last run with this journal and the same source stopped
//   npm run mutation -- --runs 1000                    random cases for each property, of which a usual run draws 50
//   npm run mutation -- --control noop                 mutants that change nothing: each has to survive
//   npm run mutation -- --control deadly               mutants that throw: each has to fall
//
// All mutants are built into the source at once, behind switches (switches.mjs). One process of vitest learns which tests reach each of
// them, and runs these again with its switch on (judge.mjs).
//
// What no test can tell from the source, as it behaves the same, stands in equivalent.json and is left out:
// { path, before, after, in: the part of its line that it stands in, because }.

import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { mutantsOf } from './mutants.mjs'
import { withSteps, withSwitches } from './switches.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '60' },
    runs: { type: 'string', default: '50' },
    control: { type: 'string' },
    journal: { type: 'string' },
    json: { type: 'string' },
  },
})
const core = ['src/html', 'src/instrument', 'src/tracking-url', 'src/domains', 'src/receiver']
const deadline = Date.now() + Number(values.minutes) * 60_000
/** Without a word from the process for so long, a mutant hangs it in a way that judge.mjs cannot stop. */
const patienceMs = 900_000

const filesIn = (folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
const wanted = values.only ?? core
const sources = filesIn('src')
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
const chosen = (
  values.all ? everyMutant : shuffle(everyMutant, Number(values.seed)).slice(0, Number(values.sample))
).map((mutant, id) => ({ ...mutant, id }))

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

/**
 * The tests of what is mutated, then those of the parts around it. What other tests alone would notice (the command line, the guides, real
 * servers) lacks a row of its own; what measures time and memory tells nothing.
 */
const mutated = new Set(chosen.map(({ path }) => path))
const own = new Set(wanted.map((path) => path.split('/')[1]))
const around = 'cases config domains html instrument message properties receiver text tracking-url'.split(' ')
const rings = [[...own], around.filter((folder) => !own.has(folder))].map((folders) =>
  folders
    .flatMap((folder) => (existsSync(join(repository, 'test', folder)) ? filesIn(`test/${folder}`) : []))
    .filter((path) => /(?<!\/(guide|hostile|memory))\.test\.ts$/.test(path) && reaches(path, new Set())),
)

/** Whether a file imports one that is mutated, however indirectly. */
function reaches(path, seen) {
  if (seen.has(path)) return false
  seen.add(path)
  if (mutated.has(path)) return true
  const imports = readFileSync(join(repository, path), 'utf8').matchAll(/(?:from|import) '(\.[^']+\.ts)'/g)
  return [...imports].some(([, name]) => reaches(posix.join(posix.dirname(path), name), seen))
}

const plugin = {
  name: 'mutation',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id === 'fast-check' && !importer?.includes('/test/mutation/')
      ? join(repository, 'test/mutation/fast-check.mjs')
      : undefined,
  transform(code, id) {
    const path = id.startsWith(repository) ? id.slice(repository.length) : ''
    if (!/^(src|test)\/.*\.ts$/.test(path) || path.startsWith('test/mutation/') || path === 'test/kit/seed.ts') return
    const mutants = chosen.filter((mutant) => mutant.path === path)
    const switched = mutants.length > 0 ? withSwitches(path, code, mutants, values.control) : code
    const head = 'const { mutant: __mutant, step: __step } = __mutation; '
    return { code: head + withSteps(path, switched), map: null }
  },
}

const workshop = mkdtempSync(join(tmpdir(), 'mailtrace-mutation-'))
/** What judge.mjs found, a line each. It is read by the next process, too, so that nothing is done twice. */
const journal = values.journal ?? join(workshop, 'journal.jsonl')
const job = join(workshop, 'job.json')
const outcomes = new Map()
/** The process of judge.mjs, and the mutant that it is at. */
let pid
let begun
let isDone = false
let isFull = false

let read = 0
let heardAt = Date.now()
function listen() {
  const lines = readFrom(journal, read).split('\n')
  for (const line of lines.slice(0, -1)) {
    read += Buffer.byteLength(line) + 1
    heardAt = Date.now()
    const said = JSON.parse(line)
    pid = said.pid ?? pid
    begun = said.begun ?? begun
    isDone = said.isDone === true
    isFull = said.isFull === true
    if (said.judged !== undefined) outcomes.set(said.judged, said)
    else if (said.problem) console.log(said.problem)
    else if (process.env.MAILTRACE_VERBOSE) console.log(line.slice(0, 100))
  }
  if (Date.now() > deadline) finish()
  if (Date.now() - heardAt > patienceMs) stop()
}

function readFrom(path, offset) {
  const bytes = Buffer.alloc(Math.max(statSync(path).size - offset, 0))
  const file = openSync(path)
  readSync(file, bytes, 0, bytes.length, offset)
  closeSync(file)
  return bytes.toString()
}

function stop() {
  heardAt = Date.now()
  try {
    if (pid) process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

function finish() {
  stop()
  rmSync(workshop, { recursive: true, force: true })
  const judged = [...outcomes].map(([id, outcome]) => ({ ...chosen[id], ...outcome }))
  for (const { path, line, before, after, text, outcome } of judged.filter(({ by }) => !by))
    console.log(
      `${outcome}  ${path}:${line}\n    ${text}\n    ${JSON.stringify(before.slice(0, 80))} -> ${JSON.stringify(after)}`,
    )
  const table = {}
  for (const name of [...new Set(judged.map(folderOf)), 'all']) {
    const list = judged.filter((each) => name === 'all' || folderOf(each) === name)
    const of = (outcome) => list.filter((each) => each.outcome === outcome).length
    const detected = of('failed') + of('timed out')
    const score = `${((100 * detected) / list.length).toFixed(1)} %`
    table[name] = {
      mutants: list.length,
      detected,
      'timed out': of('timed out'),
      'not reached': of('not reached'),
      score,
    }
  }
  console.table(table)
  if (judged.length < chosen.length) console.log(`stopped after ${judged.length} of ${chosen.length}`)
  if (values.json) writeFileSync(values.json, JSON.stringify(judged, null, 2))
  process.exit()
}
const folderOf = ({ path }) => path.split('/').slice(0, 2).join('/')

console.log(`${chosen.length} of ${everyMutant.length} mutants in ${sources.length} files`)
Object.assign(process.env, {
  MAILTRACE_MUTATION: job,
  MAILTRACE_CORPUS: join(workshop, 'no-corpus'),
  MAILTRACE_RUNS: values.runs,
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, finish)
const about = JSON.stringify({
  about: createHash('sha256')
    .update(JSON.stringify([chosen, rings, values.control]))
    .digest('hex'),
})
if (!existsSync(journal) || !readFileSync(journal, 'utf8').startsWith(about)) writeFileSync(journal, `${about}\n`)
listen()
pid = undefined
setInterval(listen, 2000)
for (;;) {
  const open = chosen.filter(({ id }) => !outcomes.get(id)?.by).map(({ id }) => id)
  writeFileSync(job, JSON.stringify({ journal, count: chosen.length, mutants: open, rings }))
  begun = undefined
  isDone = false
  const vitest = await startVitest(
    'test',
    [],
    {
      root: repository,
      include: ['test/mutation/judge.mjs'],
      watch: false,
      silent: true,
      testTimeout: 0, // judge.mjs bounds each test by what it takes without any change
      reporters: process.env.MAILTRACE_VERBOSE ? ['default'] : [{}],
      isolate: false,
      pool: 'forks',
      maxWorkers: 1,
      fileParallelism: false,
      dangerouslyIgnoreUnhandledErrors: true,
    },
    { plugins: [plugin] },
  )
  listen()
  const errors = vitest.state.getTestModules().flatMap((each) => each.errors())
  await vitest.close()
  if (errors.length > 0 || !(isDone || begun !== undefined))
    throw new Error(errors[0]?.message ?? 'vitest ended before the first mutant')
  if (isDone) finish()
  if (isFull) continue
  // Its process came to its end without a word.
  appendFileSync(journal, `${JSON.stringify({ judged: begun, outcome: 'timed out', by: 'no word' })}\n`)
  listen()
}
