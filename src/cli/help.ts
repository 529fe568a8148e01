import { type Command, commandUsage, optionUsage } from './command.ts'

/** In characters: terminals have at least so many. */
const lineLength = 100

/** In characters: a longer usage has a line of its own, and its text stands on the next. */
const longestUsage = 22

/** What `mailtrace --help` prints. */
export function formatHelp(commands: readonly Command[]): string {
  const each = commands.map((command) => `  ${commandUsage(command)}\n${wrap(command.summary, 6)}`)
  return `mailtrace: open and click tracking for HTML email, under your own domain

${each.join('')}
  mailtrace COMMAND --help
      The options of one command.
  mailtrace --version

${wrap(
  'FILE is UTF-8: HTML, the decoded part of a message, or the configuration of a sending domain as JSON (mailtrace init makes one). - or nothing is standard input. Results go to standard output, messages to standard error.',
  0,
)}${wrap(
  'Exit code: 0 done, 1 the job failed or its input is wrong, 2 the call is wrong. Heeds NO_COLOR and FORCE_COLOR.',
  0,
)}`
}

/** What `mailtrace COMMAND --help` prints. */
export function formatCommandHelp(command: Command): string {
  const rows: [string, string][] = [
    ...Object.entries(command.options).map(([name, option]): [string, string] => [
      optionUsage(name, option),
      option.text,
    ]),
    ['-h, --help', 'this text'],
  ]
  const width = Math.min(Math.max(...rows.map(([usage]) => usage.length)), longestUsage) + 4
  const options = rows.map(([usage, text]) => {
    const rest = wrap(text, width)
    return usage.length > longestUsage ? `  ${usage}\n${rest}` : `  ${usage.padEnd(width - 2)}${rest.trimStart()}`
  })
  return `${commandUsage(command)}\n\n${wrap(command.summary, 0)}\n${options.join('')}`
}

/** Breaks a text into indented lines, each ended. */
function wrap(text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > lineLength) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => `${' '.repeat(indent)}${each}\n`).join('')
}
