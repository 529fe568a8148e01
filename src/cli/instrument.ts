import { instrumentEmail } from '../index.ts'
import { activationText, linksText, pixelText } from '../inspection/outcome-text.ts'
import { findInputWarnings } from '../inspection/warnings.ts'
import { type Command, defineCommand } from './command.ts'
import { formatJson } from './format-json.ts'
import { readDomain, readHtml } from './input.ts'
import { instrumentOptions, readInstrumentOptions } from './instrument-options.ts'
import { note, print } from './terminal.ts'
import { writeFileAtomically } from './write-file.ts'

export const instrument: Command = defineCommand({
  name: 'instrument',
  operand: '[FILE|-]',
  summary:
    'Writes the HTML with its links and the pixel in place. The rest of it stays as it is, byte for byte. One line about it goes to standard error.',
  options: {
    ...instrumentOptions,
    output: { type: 'string', short: 'o', value: 'FILE', text: 'where the HTML goes instead of standard output' },
    json: { type: 'boolean', text: 'the whole result as JSON instead of the HTML' },
  },
  run: async (values, file) => {
    const domain = await readDomain(values.domain)
    const html = await readHtml(file)
    const email = instrumentEmail(html, domain, readInstrumentOptions(values))

    const result = values.json ? `${formatJson(email, 2)}\n` : email.html
    if (values.output === undefined) await print(result)
    else await writeFileAtomically(values.output, result)

    for (const warning of findInputWarnings(html)) note(`warning: ${warning.message}`)
    note(
      email.activation.active
        ? `${linksText(email)}, pixel ${pixelText(email)}`
        : activationText(email.activation, domain),
    )
  },
})
