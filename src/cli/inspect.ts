import { basename } from 'node:path'
import type { DomainConfig } from '../config/domain-config.ts'
import { type InstrumentedEmail, instrumentEmail } from '../index.ts'
import { type Inspection, inspectEmail } from '../inspection/inspect-email.ts'
import { activationText, formatNumber, linksText, pixelText } from '../inspection/outcome-text.ts'
import { formatReport } from '../inspection/report.ts'
import { printable } from '../printable.ts'
import { type Command, defineCommand } from './command.ts'
import { usageFailure } from './failure.ts'
import { readDomain, readHtml } from './input.ts'
import {
  instrumentFile,
  instrumentOptions,
  readInstrumentOptions,
  refuseMessageOptionsAlone,
} from './instrument-options.ts'
import { formatMessage } from './message-report.ts'
import { type Cell, formatTable, note, paint, print, printJson } from './terminal.ts'
import { writeFileAtomically } from './write-file.ts'

export const inspect: Command = defineCommand({
  name: 'inspect',
  operand: '[FILE|-]',
  summary:
    'Says what instrument would do: every link with its outcome, the pixel, the size, and what to look out for before sending. It never prints the instrumented HTML.',
  options: {
    ...instrumentOptions,
    html: {
      type: 'string',
      value: 'FILE',
      text: 'also writes a report to open in a browser: one file, which loads nothing and runs nothing',
    },
    json: { type: 'boolean', text: 'the result as JSON instead of a table' },
  },
  run: async (values, file) => {
    refuseMessageOptionsAlone(values, 'inspect')
    if (values.message && values.html !== undefined) {
      throw usageFailure('--html shows one HTML mail: leave it out with --message', 'inspect')
    }
    const domain = await readDomain(values.domain)
    if (values.message) {
      const result = await instrumentFile(file, domain, values)
      const { message: _, ...inspection } = result
      return values.json ? printJson(inspection) : print(formatMessage(result, domain))
    }
    const html = await readHtml(file)
    const email = instrumentEmail(html, domain, readInstrumentOptions(values))
    const inspection = inspectEmail(html, email)
    if (values.json) await printJson(inspection)
    else await print(formatInspection(domain, email, inspection))
    if (values.html === undefined) return
    const name = file === undefined || file === '-' ? 'standard input' : basename(file)
    await writeFileAtomically(values.html, formatReport({ name, html, email, domain, inspection, time: Date.now() }))
    note(`${values.html} is the report`)
  },
})

function formatInspection(
  domain: DomainConfig,
  email: InstrumentedEmail,
  { bytes, links, warnings }: Inspection,
): string {
  const facts: [string, string][] = [
    ['tracking', paint(email.activation.active ? 'green' : 'yellow', activationText(email.activation, domain))],
    ['links', linksText(email)],
    ['pixel', pixelText(email)],
    ['size', `${formatNumber(bytes.before)} bytes before, ${formatNumber(bytes.after)} after`],
  ]
  return [
    facts.map(([name, text]) => `${paint('bold', name.padEnd(9))} ${text}\n`).join(''),
    links.length > 0 ? `\n${formatLinks(links)}` : '',
    warnings.length > 0 ? '\n' : '',
    ...warnings.map(({ message }) => `${paint('yellow', 'warning:')} ${printable(message, 2_000)}\n`),
  ].join('')
}

function formatLinks(links: Inspection['links']): string {
  const rows = links.map((link): Cell[] => [
    String(link.index),
    String(link.line),
    link.element,
    link.kind === 'tracked' ? { text: 'tracked', format: 'green' } : { text: 'skipped', format: 'yellow' },
    link.kind === 'tracked' ? '' : link.reason,
    link.kind === 'tracked' ? link.destination : link.href,
  ])
  return formatTable(['link', 'line', 'element', 'outcome', 'reason', 'destination'], rows)
}
