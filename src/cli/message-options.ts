// Owns the options that say how one message is instrumented, the same for `instrument` and `inspect`.

import type { InstrumentOptions } from '../index.ts'
import { failure } from './failure.ts'

export const messageOptions = {
  'message-ref': { type: 'string' },
  pixel: { type: 'string' },
} as const

export function readMessageOptions(values: {
  readonly 'message-ref'?: string | undefined
  readonly pixel?: string | undefined
}): InstrumentOptions {
  const { 'message-ref': messageRef, pixel = 'end' } = values
  if (pixel !== 'end' && pixel !== 'start') throw failure(`--pixel is ${JSON.stringify(pixel)}: use end or start`, 2)
  return { pixelPlacement: pixel, ...(messageRef !== undefined && { messageRef }) }
}
