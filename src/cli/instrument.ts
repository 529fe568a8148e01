// Owns `mailtrace instrument`: HTML in, instrumented HTML out, one line about it on standard error.

import { instrumentEmail } from '../index.ts'
import { onlyPositional, parseArguments } from './arguments.ts'
import { readDomain, readHtml } from './input.ts'
import { quotedPrintableWarning } from './inspection.ts'
import { messageOptions, readMessageOptions } from './message-options.ts'
import { activationText, linksText, pixelText } from './outcome-text.ts'
import { note, print, writeFileAtomically } from './output.ts'

export async function instrument(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments(args, {
    domain: { type: 'string' },
    output: { type: 'string', short: 'o' },
    json: { type: 'boolean' },
    ...messageOptions,
  })
  const file = onlyPositional(positionals)
  const options = readMessageOptions(values)
  const domain = await readDomain(values.domain)
  const html = await readHtml(file)
  const email = instrumentEmail(html, domain, options)

  const result = values.json ? `${JSON.stringify(email, null, 2)}\n` : email.html
  if (values.output === undefined) await print(result)
  else await writeFileAtomically(values.output, result)

  for (const warning of quotedPrintableWarning(html)) note(`warning: ${warning.message}`)
  note(
    email.activation.active
      ? `${linksText(email)}, pixel ${pixelText(email)}`
      : activationText(email.activation, domain),
  )
}
