import { type Command, defineCommand } from './command.ts'
import { failure, usageFailure } from './failure.ts'
import { serveDomain } from './serve-domain.ts'
import { serveStore } from './serve-store.ts'

/** Where the links of sent mail come from: what each of the other options belongs to. */
const [ofDomain, ofStore] = [['domain'], ['data', 'database']] as const
const belongsTo = {
  events: ofDomain,
  page: ofDomain,
  target: ofStore,
  name: ofStore,
  ca: ofStore,
  resolver: ofStore,
} as const

export const serve: Command = defineCommand({
  name: 'serve',
  summary:
    'Answers clicks and opens on this machine, until SIGINT or SIGTERM. With --domain it prints them as they come. With --data or --database it keeps them, with domains and numbers, and has an API and a console. An event is kept before its click is answered.',
  options: {
    domain: { type: 'string', value: 'FILE', text: "a sending domain's configuration, as JSON" },
    data: {
      type: 'string',
      value: 'DIR',
      text: 'or a folder that keeps everything, made at the first start: an embedded PostgreSQL, for one process (needs the package @electric-sql/pglite)',
    },
    database: {
      type: 'string',
      value: 'URL',
      text: 'or a PostgreSQL server that keeps everything, for any number of processes: postgres://USER@HOST/NAME, the password in PGPASSWORD (needs the package pg)',
    },
    port: { type: 'string', value: 'N', text: 'where to listen on 127.0.0.1; 0 takes a free one (default: 8080)' },
    events: { type: 'string', value: 'FILE', text: 'with --domain: where the events are appended' },
    page: {
      type: 'string',
      value: 'FILE',
      text: 'with --domain: an email to show, instrumented, at http://localhost:PORT/',
    },
    target: {
      type: 'string',
      value: 'NAME',
      text: 'with --data or --database: where the CNAME records of tracking domains must point, a name under which this server is reached (default: mailtrace.localhost, for a try on this machine)',
    },
    name: {
      type: 'string',
      value: 'HOST',
      text: 'with --data or --database: a name under which a proxy with TLS passes on API and console (default: they are for this machine alone)',
    },
    ca: {
      type: 'string',
      value: 'NAME',
      text: 'with --data or --database: who issues the certificates, like letsencrypt.org; looks for CAA records that forbid it',
    },
    resolver: {
      type: 'string',
      value: 'IP[:PORT]',
      text: "with --data or --database: the DNS server to ask (default: the system's)",
    },
  },
  run: async (values) => {
    const sources = [...ofDomain, ...ofStore].filter((source) => values[source] !== undefined)
    if (sources.length !== 1) throw usageFailure('give one of --domain FILE, --data DIR and --database URL', 'serve')
    for (const [option, needed] of Object.entries(belongsTo) as [keyof typeof belongsTo, readonly string[]][]) {
      if (values[option] === undefined || needed.includes(sources[0]!)) continue
      throw usageFailure(`--${option} goes with ${needed.map((each) => `--${each}`).join(' or ')}`, 'serve')
    }
    const port = parsePort(values.port ?? '8080')
    const { domain, ...rest } = values
    await (domain === undefined ? serveStore(rest, port) : serveDomain({ ...rest, domain }, port))
  },
})

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw failure(`--port is ${JSON.stringify(text)}: use a number from 0 to 65535`, 2)
  return port
}
