import { type Generator, generators, heldOut, report, simulate } from './report.ts'

const [first = heldOut.first, seeds = heldOut.seeds] = process.argv.slice(2).map(Number)
const reports = (Object.keys(generators) as Generator[]).map((generator) =>
  report(generator, simulate(generator, first, seeds)),
)
process.stdout.write(reports.join('\n'))
