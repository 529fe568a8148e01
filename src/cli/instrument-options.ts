import type { InstrumentOptions } from '../index.ts'
import type { Values } from './command.ts'

/** What `instrument` and `inspect` share: how one message is instrumented. */
export const instrumentOptions = {
  domain: {
    type: 'string',
    value: 'FILE',
    required: true,
    text: "the sending domain's configuration, as JSON",
  },
  'message-ref': {
    type: 'string',
    value: 'REF',
    text: 'what stands for this message to this recipient (default: random)',
  },
  pixel: { type: 'string', choices: ['end', 'start'], text: 'where the pixel goes (default: end)' },
} as const

export function readInstrumentOptions(values: Values<typeof instrumentOptions>): InstrumentOptions {
  const { 'message-ref': messageRef, pixel } = values
  return {
    ...(pixel !== undefined && { pixelPlacement: pixel }),
    ...(messageRef !== undefined && { messageRef }),
  }
}
