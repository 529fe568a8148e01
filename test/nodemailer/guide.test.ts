// The guide says what the tables say.

import { expect, it } from 'vitest'
import { inactiveReasons } from '../../src/config/activation.ts'
import { untouchedReasons } from '../../src/nodemailer/mail-outcome.ts'
import { failureSources } from '../../src/nodemailer/plugin-failure.ts'
import { readGuide } from '../kit/examples.ts'

const guide = readGuide('src/nodemailer/README.md')

/** The first two cells of the rows of the table whose header begins with this. */
function rowsOf(header: string): string[][] {
  const lines = guide.split('\n')
  const rows = lines.slice(lines.findIndex((line) => line.startsWith(`| ${header} `)) + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  )
}

it('lists every reason for which a message is untouched', () => {
  const rows = rowsOf('reason')
  expect(rows.slice(0, -3)).toEqual(Object.entries(untouchedReasons).map(([reason, what]) => [`\`${reason}\``, what]))
  expect(rows.slice(-3).map(([reason]) => reason)).toEqual(inactiveReasons.map((reason) => `\`${reason}\``))
})

it('names every source of a failure', () => {
  for (const source of failureSources) expect(guide).toContain(`\`${source}\``)
})

it('names every provider that tracks by itself', () => {
  expect(rowsOf('provider').map(([name]) => name)).toEqual(['Amazon SES', 'SendGrid', 'Mailgun', 'Postmark', 'Resend'])
})
