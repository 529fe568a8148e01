// Words that programs compare with and stores keep: none may go or be renamed. And what people are told beside them.

import { expect, it } from 'vitest'
import { failureSources } from '../../src/receiver/failures.ts'
import { missReasons } from '../../src/receiver/misses.ts'
import { signals } from '../../src/receiver/signals.ts'

it('the sources of failures', () => {
  expect(failureSources).toEqual([
    'domains',
    'host',
    'findReference',
    'mayRedirect',
    'clientAddress',
    'now',
    'createId',
    'shouldRecord',
    'onEvent',
    'onMiss',
    'waitUntil',
    'receiver',
    'sink',
  ])
})

it('the signals', () => {
  expect(signals).toEqual(['apple-mpp', 'gmail-image-proxy', 'yahoo-mail-proxy', 'bot', 'prefetch', 'too-fast'])
})

it.each(Object.entries(missReasons))('what to look at after %s', (_, { advice }) => expect(advice).toMatch(/\w+ \w+/))
