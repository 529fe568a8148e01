import type { DomainConfig } from '../config/domain-config.ts'
import { clickModes, openModes } from '../config/tracking-modes.ts'
import type { InstrumentOptions } from '../index.ts'
import { pixelPlacements } from '../instrument/options.ts'
import { type InstrumentedMessage, instrumentMessage } from '../message/index.ts'
import type { Values } from './command.ts'
import { usageFailure } from './failure.ts'
import { readMessage } from './input.ts'

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
  open: {
    type: 'string',
    choices: [...openModes, 'off'],
    text: 'how far opens are tracked at most (default: as the domain says)',
  },
  click: {
    type: 'string',
    choices: [...clickModes, 'off'],
    text: 'how far clicks are tracked at most (default: as the domain says)',
  },
  'campaign-ref': {
    type: 'string',
    value: 'REF',
    text: 'what anonymous opens and clicks are reported with; anonymous needs it (default: none)',
  },
  pixel: { type: 'string', choices: pixelPlacements, text: 'where the pixel goes (default: end)' },
  message: { type: 'boolean', text: 'FILE is a whole message (.eml), not its HTML' },
  text: { type: 'boolean', text: 'with --message: links in the plain text are tracked too' },
  'dkim-signed': {
    type: 'boolean',
    text: 'with --message: one that is DKIM-signed is changed too, to be signed again',
  },
} as const

export function readInstrumentOptions(values: Values<typeof instrumentOptions>): InstrumentOptions {
  const { 'message-ref': messageRef, 'campaign-ref': campaignRef, pixel, open, click } = values
  return {
    ...(open !== undefined && { openTracking: open !== 'off' && open }),
    ...(click !== undefined && { clickTracking: click !== 'off' && click }),
    ...(pixel !== undefined && { pixelPlacement: pixel }),
    ...(campaignRef !== undefined && { campaignRef }),
    ...(messageRef !== undefined && { messageRef }),
  }
}

/** For `--message`. */
export async function instrumentFile(
  file: string | undefined,
  domain: DomainConfig,
  values: Values<typeof instrumentOptions>,
): Promise<InstrumentedMessage> {
  const raw = await readMessage(file)
  const dkimSigned = values['dkim-signed'] ? 'instrument' : 'leave'
  return instrumentMessage(raw, domain, { ...readInstrumentOptions(values), text: values.text, dkimSigned })
}

/** Only a message has a plain-text part, or a signature. */
export function refuseMessageOptionsAlone(values: Values<typeof instrumentOptions>, command: string): void {
  if (values.message) return
  for (const name of ['text', 'dkim-signed'] as const) {
    if (values[name]) throw usageFailure(`--${name} goes with --message`, command)
  }
}
