// What tests get as fast-check in a mutation run: fewer cases, and no search for the smallest.

import * as real from 'fast-check'

const few = ({ numRuns = 100, ...rest } = {}) => ({
  ...rest,
  numRuns: Math.min(numRuns, Number(process.env.MAILTRACE_RUNS)),
  endOnFailure: true,
})
const assert = (property, parameters) => real.assert(property, few(parameters))

export * from 'fast-check'
export { assert }
export default { ...real.default, assert }
