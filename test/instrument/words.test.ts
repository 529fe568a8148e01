// What people are told beside each reason.

import { expect, it } from 'vitest'
import { skipReasons } from '../../src/instrument/links/skip-reasons.ts'
import { noPixelReasons } from '../../src/instrument/outcomes.ts'

it.each(Object.entries({ ...skipReasons, ...noPixelReasons }))('%s: %s', (_, text) => expect(text).toMatch(/\w+ \w+/))
