import { heldOut, report } from './report.ts'

const [first, seeds] = process.argv.slice(2).map(Number)
process.stdout.write(report(first ?? heldOut.first, seeds ?? heldOut.seeds))
