// Owns `mailtrace inspect`: what instrumenting would do, as a page to read. It must never print the instrumented HTML.

import type { DomainConfig } from '../config/domain-config.ts'
import { type InstrumentedEmail, instrumentEmail } from '../index.ts'
import { onlyPositional, parseArguments } from './arguments.ts'
import { readDomain, readHtml } from './input.ts'
import { type Inspection, inspectEmail } from './inspection.ts'
import { messageOptions, readMessageOptions } from './message-options.ts'
import { activationText, createLineFinder, linksText, pixelText } from './outcome-text.ts'
import { print, printJson } from './output.ts'
import { type Cell, formatNumber, formatTable, paint, printable } from './text.ts'

export async function inspect(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments(args, {
    domain: { type: 'string' },
    json: { type: 'boolean' },
    ...messageOptions,
  })
  const file = onlyPositional(positionals)
  const options = readMessageOptions(values)
  const domain = await readDomain(values.domain)
  const html = await readHtml(file)
  const email = instrumentEmail(html, domain, options)
  const inspection = inspectEmail(html, email)
  if (values.json) await printJson(inspection)
  else await print(formatInspection(html, domain, email, inspection))
}

function formatInspection(
  html: string,
  domain: DomainConfig,
  email: InstrumentedEmail,
  { bytes, warnings }: Inspection,
): string {
  const facts: [string, string][] = [
    ['tracking', paint(email.activation.active ? 'green' : 'yellow', activationText(email.activation, domain))],
    ['links', linksText(email)],
    ['pixel', pixelText(email)],
    ['size', `${formatNumber(bytes.before)} bytes before, ${formatNumber(bytes.after)} after`],
  ]
  return [
    facts.map(([name, text]) => `${paint('bold', name.padEnd(9))} ${text}\n`).join(''),
    email.links.length > 0 ? `\n${formatLinks(html, email)}` : '',
    warnings.length > 0 ? '\n' : '',
    ...warnings.map((warning) => `${paint('yellow', 'warning:')} ${warning.message}\n`),
  ].join('')
}

function formatLinks(html: string, email: InstrumentedEmail): string {
  const lineAt = createLineFinder(html)
  const rows = email.links.map((link): Cell[] => [
    String(link.index),
    String(lineAt(link.start)),
    link.element,
    link.kind === 'tracked' ? { text: 'tracked', format: 'green' } : { text: 'skipped', format: 'yellow' },
    link.kind === 'tracked' ? '' : link.reason,
    printable(link.kind === 'tracked' ? link.destination : link.href),
  ])
  return formatTable(['link', 'line', 'element', 'outcome', 'reason', 'destination'], rows)
}
