import { expect, it } from 'vitest'
import { saveCampaignCode, writeEventsCode } from '../../../src/service/console/pages/code-samples.ts'
import { readGuide } from '../../kit/examples.ts'

it.each([saveCampaignCode, writeEventsCode])('what an empty page teaches stands in the guide: %j', (code) => {
  expect(readGuide('src/service/README.md')).toContain(code)
})
