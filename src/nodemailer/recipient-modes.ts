import { optionChecks } from '../checks.ts'
import { type Ceilings, checkSwitches } from '../config/activation.ts'
import { withTimeout } from '../timers.ts'
import { readRecipients } from './mail-headers.ts'
import type { CheckedPluginOptions, MailData } from './plugin-options.ts'

const fields = ['openTracking', 'clickTracking'] as const

/** How far each recipient of a message consents. Everybody is asked at once. */
export async function askRecipients(
  message: MailData,
  { tracking, timeoutMs }: Pick<CheckedPluginOptions, 'tracking' | 'timeoutMs'>,
): Promise<readonly Ceilings[]> {
  if (!tracking) return []
  const recipients = readRecipients(message)
  // The addresses are not shown: an error must not carry them.
  if (recipients?.length === 0) throw optionChecks.error('nobody is in To, Cc, Bcc or the envelope: name a recipient')
  if (recipients === null) {
    throw optionChecks.error('a recipient cannot be read as an address: use "Name <user@host>" or { name, address }')
  }
  const answers = Promise.all(recipients.map(async (recipient) => readAnswer(await tracking(recipient, message))))
  return await withTimeout(answers, timeoutMs, 'tracking')
}

function readAnswer(answer: unknown): Ceilings {
  const modes = optionChecks.object(answer, 'tracking()', fields)
  for (const field of fields) {
    // If it could be left out, that would pass for consent.
    if (modes[field] === undefined) throw optionChecks.error(`tracking() gives no ${field}: give true, false or a mode`)
  }
  return checkSwitches(modes)
}
