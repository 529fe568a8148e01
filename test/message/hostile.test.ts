// Messages made to be slow, deep or long: they must neither throw nor take longer than any test may.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it, onTestFinished } from 'vitest'
import { signedDomain } from '../kit/domains.ts'
import { repository } from '../package/source-files.ts'
import { lines, link, outcomesOf } from './message-of.ts'

const many = 200_000
const html = 'Content-Type: text/html'
const qp = 'Content-Transfer-Encoding: quoted-printable'
const mixed = 'Content-Type: multipart/mixed; boundary=b'
const tracked = `1 text/html ${many / 10}`
const nested = Array.from({ length: 30 }, (_, level) =>
  lines(`Content-Type: multipart/mixed; boundary=${level}.`, '', `--${level}.`, ''),
)
/** Each with a boundary of its own, so short that no search for it leaps. */
const siblings = Array.from({ length: 900 }, (_, index) => `c${index.toString(36)}`).map(
  (boundary) => `--b\nContent-Type: multipart/mixed; boundary=${boundary}\n\n--${boundary}\n${html}\n\n${link}\n`,
)

it.each<[what: string, source: () => string, outcomes: readonly string[]]>([
  ['fields', () => `${'X: y\n'.repeat(many)}${html}\n\n${link}`, ['1 text/html 1']],
  ['continuations', () => `X: y\n${' y\n'.repeat(many)}${html}\n\n${link}`, ['1 text/html 1']],
  ['a field of 5 MB', () => `X: ${' '.repeat(5_000_000)}\n${html}\n\n${link}`, ['1 text/html 1']],
  ['a line without a colon of 5 MB', () => `${'x'.repeat(5_000_000)}\n\n`, ['  malformed']],
  ['parameters', () => `${html}${'; x=y'.repeat(many)}\n\n${link}`, ['1 text/html malformed']],
  [
    'parameters of different names',
    () => `${html}${Array.from({ length: 20_000 }, (_, i) => `; x${i}=y`).join('')}\n\n${link}`,
    ['1 text/html 1'],
  ],
  ['spaces in parameters', () => `${html};${' '.repeat(many)}x\n\n${link}`, ['1 text/html malformed']],
  ['quotes', () => `${html}; x=${'"'.repeat(many)}\n\n${link}`, ['1 text/html malformed']],
  [
    'brackets in List-Unsubscribe',
    () => `List-Unsubscribe: ${'<'.repeat(many)}\n${html}\n\n${link}`,
    ['1 text/html 1'],
  ],
  ['hyphens', () => `${mixed}\n\n${'--\n'.repeat(many)}--b\n${html}\n\n${link}`, ['1 text/html 1']],
  [
    'lines of hyphens',
    () => `${mixed}\n\n--b\n${html}\n\n${link}\n${`${'-'.repeat(500)}\n`.repeat(10_000)}`,
    ['1 text/html 1'],
  ],
  [
    'hyphens, deep within',
    () => `${nested.join('')}${html}\n\n${link}\n${'--x\n'.repeat(many)}`,
    [`${'1.'.repeat(29)}1 text/html 1`],
  ],
  [
    'multiparts side by side that nothing ends',
    () => `${mixed}\n\n${siblings.join('')}${'-'.repeat(40_000_000)}`,
    siblings.map((_, index) => `${index + 1}.1 text/html 1`),
  ],
  ['delimiters within lines', () => `${mixed}\n\n--b\n${html}\n\n${link}\n${'x--b'.repeat(many)}`, ['1 text/html 1']],
  [
    'blanks behind a delimiter',
    () => `${mixed}\n\n--b${' '.repeat(many)}x\n${html}\n\n${link}`,
    [' multipart/mixed malformed'],
  ],
  [
    'lines that end in blanks',
    () => `${mixed}\n\n${`--${' \t'.repeat(100)}x\n`.repeat(10_000)}--b\n${html}\n\n${link}`,
    ['1 text/html 1'],
  ],
  ['links in one line', () => `${html}\n\n${link.repeat(many / 10)}`, [tracked]],
  ['links in lines', () => `${html}\n\n${`${link}\n`.repeat(many / 10)}`, [tracked]],
  [
    'links in one line, quoted-printable',
    () => `${html}\n${qp}\n\n${link.replace('=', '=3D').repeat(many / 10)}`,
    [tracked],
  ],
  [
    'soft breaks',
    () => `${html}\n${qp}\n\n<a href=3D"${'=\n'.repeat(many)}https://example.org/">${'=\n'.repeat(many)}`,
    ['1 text/html 1'],
  ],
  ['escapes', () => `${html}\n${qp}\n\n${'=41'.repeat(many)}${link.replace('=', '=3D')}`, ['1 text/html 1']],
  ['equals signs', () => `${html}\n${qp}\n\n${'='.repeat(many)}`, ['1 text/html encoding']],
  [
    'base64 of 5 MB',
    () => `${html}\nContent-Transfer-Encoding: base64\n\n${btoa(link + 'x'.repeat(5_000_000))}`,
    ['1 text/html 1'],
  ],
  [
    'base64 in lines of 4',
    () => `${html}\nContent-Transfer-Encoding: base64\n\n${`${btoa('abc')}\n`.repeat(many)}${btoa(link)}`,
    ['1 text/html 1'],
  ],
  [
    'blanks around base64',
    () => `${html}\nContent-Transfer-Encoding: base64\n\n${' \n'.repeat(many)}${btoa(link)}${' \n'.repeat(many)}`,
    ['1 text/html 1'],
  ],
  ['brackets in Shift_JIS', () => `${html}; charset=shift_jis\n\n\x83${']'.repeat(many)}${link}`, ['1 text/html 1']],
  [
    'question marks',
    () => `${html}; charset=shift_jis\n\n<a href="https://example.org/${'?'.repeat(many)}">`,
    ['1 text/html 0'],
  ],
])('%s', (_, source, outcomes) => {
  expect(outcomesOf(source())).toEqual(outcomes)
})

/** Apart from vitest, whose workers have a larger stack than a program: what is too much for that is no more than enough here. */
it('more links than a call takes arguments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-message-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, 'message.mjs')
  await build({
    entryPoints: [join(repository, 'src/message/index.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  })
  const script = `
    import { instrumentMessage } from ${JSON.stringify(outfile)}
    const domain = ${JSON.stringify(signedDomain)}
    const raw = Buffer.from('Content-Type: text/html\\n\\n' + '<a href="https://x.example/">\\n'.repeat(150_000))
    console.log(instrumentMessage(raw, domain).parts[0].links.length)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(stdout).toBe('150000\n')
})
