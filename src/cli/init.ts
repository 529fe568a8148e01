import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { DomainConfig } from '../config/domain-config.ts'
import { expectedRecords, zoneSnippet } from '../dns/index.ts'
import { configureTrackingDomain } from '../domains/index.ts'
import { trackingActivation } from '../index.ts'
import { type Command, defineCommand } from './command.ts'
import { domainSchema } from './domain-schema.ts'
import { failure, reasonOf, usageFailure } from './failure.ts'
import { print } from './terminal.ts'
import { writeFileAtomically } from './write-file.ts'

/** In bytes. A longer key would add nothing to an HMAC-SHA256. */
const secretLength = 32

/** Browsers look for such names on this machine (RFC 6761 section 6.3); 8080 is where `mailtrace serve` listens. */
const localHost = 'links.localhost:8080'

export const init: Command = defineCommand({
  name: 'init',
  operand: 'DOMAIN',
  summary:
    'Writes the configuration of a sending domain with a fresh key, and a JSON schema for editors beside it. Says what comes next. It replaces no file.',
  options: {
    target: {
      type: 'string',
      value: 'NAME',
      text: 'where the CNAME record must point: a name under which your server for clicks is reached',
    },
    host: {
      type: 'string',
      value: 'HOST',
      text: 'the tracking domain: a label under the sending domain, or a full host (default: links)',
    },
    local: { type: 'boolean', text: `instead of both: to try it on this machine, through ${localHost}` },
    output: { type: 'string', short: 'o', value: 'FILE', text: 'where it goes (default: domain.json)' },
  },
  run: async ({ target, host, local, output = 'domain.json' }, name = '') => {
    if (local && (target ?? host) !== undefined) {
      throw usageFailure('--local has a host of its own: leave --target and --host out', 'init')
    }
    if (!local && target === undefined) {
      throw usageFailure('--target NAME is missing, or --local to try it on this machine', 'init')
    }
    const schemaFile = `${output.replace(/\.json$/, '')}.schema.json`
    const schema = `${JSON.stringify(domainSchema, null, 2)}\n`
    await refuseToReplace(schemaFile, schema)

    const now = Date.now()
    const blank: DomainConfig = {
      $schema: `./${basename(schemaFile)}`,
      name,
      openTracking: true,
      clickTracking: true,
      trackingDomains: local ? [{ host: localHost, scheme: 'http', status: 'verified' }] : [],
    }
    const domain: DomainConfig = {
      ...(target === undefined ? blank : configureTrackingDomain(blank, host ?? 'links', { now, cnameTarget: target })),
      signingKeys: [
        { id: new Date(now).toISOString().slice(0, 7), secret: randomBytes(secretLength).toString('base64url') },
      ],
    }
    trackingActivation(domain)
    await writeNew(output, `${JSON.stringify(domain, null, 2)}\n`)
    await writeFileAtomically(schemaFile, schema)
    await print(describeNext(domain, output))
  },
})

/** The file holds a secret, so nobody else may read it. A file that is there already may hold the key of sent links. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const reason = isThere ? 'it is there already, and sent links may need its keys' : reasonOf(error)
    throw failure(`cannot write ${JSON.stringify(file)}: ${reason}`)
  }
}

async function refuseToReplace(file: string, text: string): Promise<void> {
  const present = await readFile(file, 'utf8').catch(() => text)
  if (present !== text) throw failure(`${JSON.stringify(file)} is something else: move it, or choose another -o`)
}

function describeNext(domain: DomainConfig, file: string): string {
  const argument = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`
  const [{ host } = { host: '' }] = domain.trackingDomains
  const isLocal = host === localHost
  const steps: [text: string, command: string][] = [
    ...(isLocal
      ? []
      : ([
          ['Publish this record:', zoneSnippet(expectedRecords(domain)).trimEnd()],
          [
            'Look whether it is there, until it is verified. Until then nothing is tracked:',
            `mailtrace dns --domain ${argument} --write`,
          ],
        ] satisfies [string, string][])),
    [
      'See what becomes of an email, and what to look out for:',
      `mailtrace inspect mail.html --domain ${argument} --html report.html`,
    ],
    isLocal
      ? [
          'Look at it with its links going through this machine:',
          `mailtrace serve --domain ${argument} --page mail.html`,
        ]
      : [
          `Answer clicks and opens, behind a proxy with TLS for ${host}:`,
          `mailtrace serve --domain ${argument} --events events.jsonl`,
        ],
  ]
  const listed = steps.map(([text, command], index) => `${index + 1}. ${text}\n     ${command}\n`)
  return `${file} is written. It holds a signing key: keep it secret, and never lose it, as sent links need it.\n\n${listed.join('')}`
}
