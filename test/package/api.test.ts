// The public surface, pinned: a change of it shows in the diff of a commit. `npm run api` writes it anew.

import { expect, it } from 'vitest'
import { reportApi } from './api-report.ts'

it.each([...reportApi()])('%s declares what is reported (npm run api renews it)', async (subpath, report) => {
  const name = subpath === '.' ? 'mailtrace' : subpath.slice(2)
  await expect(report).toMatchFileSnapshot(`./api/${name}.md`)
})
