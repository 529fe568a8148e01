import { instrumentEmail } from '../index.ts'
import { activationText, linksText, pixelText } from '../inspection/outcome-text.ts'
import { findInputWarnings } from '../inspection/warnings.ts'
import { type Command, defineCommand } from './command.ts'
import { formatJson } from './format-json.ts'
import { readDomain, readHtml } from './input.ts'
import {
  instrumentFile,
  instrumentOptions,
  readInstrumentOptions,
  refuseMessageOptionsAlone,
} from './instrument-options.ts'
import { messageText } from './message-report.ts'
import { note, print } from './terminal.ts'
import { writeFileAtomically } from './write-file.ts'

export const instrument: Command = defineCommand({
  name: 'instrument',
  operand: '[FILE|-]',
  summary:
    'Writes the HTML, or the message, with its links and the pixel in place. The rest of it stays as it is, byte for byte. One line about it goes to standard error.',
  options: {
    ...instrumentOptions,
    output: { type: 'string', short: 'o', value: 'FILE', text: 'where the result goes instead of standard output' },
    json: { type: 'boolean', text: 'all that is known of it as JSON instead; a message is in base64 there' },
  },
  run: async (values, file) => {
    refuseMessageOptionsAlone(values, 'instrument')
    const domain = await readDomain(values.domain)
    if (values.message) {
      const result = await instrumentFile(file, domain, values)
      const { message } = result
      const json = { ...result, message: Buffer.from(message).toString('base64') }
      await writeResult(values.json ? `${formatJson(json, 2)}\n` : message, values.output)
      return note(messageText(result, domain))
    }
    const html = await readHtml(file)
    const email = instrumentEmail(html, domain, readInstrumentOptions(values))

    const result = values.json ? `${formatJson(email, 2)}\n` : email.html
    await writeResult(result, values.output)

    for (const warning of findInputWarnings(html)) note(`warning: ${warning.message}`)
    note(
      email.activation.active
        ? `${linksText(email)}, pixel ${pixelText(email)}`
        : activationText(email.activation, domain),
    )
  },
})

async function writeResult(result: string | Uint8Array, output: string | undefined): Promise<void> {
  if (output === undefined) await print(result)
  else await writeFileAtomically(output, result)
}
