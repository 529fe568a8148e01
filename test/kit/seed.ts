import fc from 'fast-check'

// A gate must say the same of the same code, so every property draws the same cases. `SEED=random npm test` draws new ones,
// and `SEED=7` those of 7. A failure names its seed.
const asked = process.env.SEED ?? '20261124'
if (asked !== 'random' && !/^\d{1,9}$/.test(asked))
  throw new Error(`SEED is ${JSON.stringify(asked)}: use "random" or a number`)
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked) })
