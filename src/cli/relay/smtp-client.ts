import { isPositive, type Reply, textOf } from './reply.ts'
import { type Channel, openChannel } from './smtp-channel.ts'
import type { Timeouts } from './timeouts.ts'
import type { Upstream } from './upstream.ts'

/**
 * A session with the upstream, command by command: libraries send a whole envelope and give one result, while here the answer to
 * each RCPT is the client's answer before its next command.
 */
export interface SmtpClient {
  /** What EHLO named, in upper case, with its parameters. */
  readonly extensions: ReadonlyMap<string, string>
  readonly isOpen: () => boolean
  readonly command: (line: string) => Promise<Reply>
  /** DATA, and then a message as it goes over the wire. */
  readonly sendMessage: (lines: Uint8Array) => Promise<Reply>
  readonly quit: () => void
}

/**
 * Connects, greets, goes over to TLS and signs in. What fails here is no fault of a message, and another attempt may succeed: 451,
 * whatever the upstream said.
 */
export async function openSmtpClient(
  upstream: Upstream,
  name: string,
  timeouts: Timeouts,
): Promise<SmtpClient | Reply> {
  const { openMs, commandMs } = timeouts
  let channel = await openChannel(upstream, openMs)
  /** The channel's own failure, where that is why. */
  const fail = (what: string, { code, lines }: Reply): Reply =>
    channel.fail(`${what}: ${code} ${textOf({ code, lines })}`)

  const greeting = await channel.read(openMs)
  if (greeting.code !== 220) return fail('it does not take mail now', greeting)
  let hello = await sayHello(channel, name, openMs)
  if (!isPositive(hello)) return fail('it refuses EHLO', hello)
  if (!upstream.isImplicitTls && upstream.tls !== 'off') {
    if (!extensionsOf(hello).has('STARTTLS')) return channel.fail('it offers no STARTTLS')
    const ready = await channel.command('STARTTLS', openMs)
    if (ready.code !== 220) return fail('it refuses STARTTLS', ready)
    channel = await channel.startTls(upstream, openMs)
    // What was said before TLS may be anybody's (RFC 3207 section 4.2).
    hello = await sayHello(channel, name, openMs)
    if (!isPositive(hello)) return fail('it refuses EHLO', hello)
  }
  const extensions = extensionsOf(hello)
  if (upstream.credentials) {
    const signedIn = await signIn(channel, extensions.get('AUTH') ?? '', upstream.credentials, openMs)
    if (!isPositive(signedIn)) return fail('it refuses AUTH', signedIn)
  }
  return {
    extensions,
    isOpen: channel.isOpen,
    command: (line) => channel.command(line, commandMs),
    sendMessage: async (lines) => {
      const ready = await channel.command('DATA', commandMs)
      if (ready.code < 400 && ready.code !== 354) return fail('it answers DATA oddly', ready)
      return ready.code === 354 ? await channel.send(lines, timeouts) : ready
    },
    quit: channel.quit,
  }
}

async function sayHello(channel: Channel, name: string, timeoutMs: number): Promise<Reply> {
  const reply = await channel.command(`EHLO ${name}`, timeoutMs)
  // RFC 5321 section 3.2
  if (reply.isDown || reply.code < 500) return reply
  const { code } = await channel.command(`HELO ${name}`, timeoutMs)
  return isPositive({ code, lines: [] }) ? { code, lines: [''] } : reply
}

const extensionsOf = ({ lines: [, ...lines] }: Reply): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => {
      const [keyword = '', ...parameters] = line.trim().toUpperCase().split(' ')
      return [keyword, parameters.join(' ')]
    }),
  )

/** RFC 4616, and LOGIN, which some have alone. */
async function signIn(
  channel: Channel,
  offered: string,
  { user, password }: NonNullable<Upstream['credentials']>,
  timeoutMs: number,
): Promise<Reply> {
  const encode = (text: string): string => Buffer.from(text).toString('base64')
  const mechanisms = offered.split(' ')
  if (mechanisms.includes('PLAIN') || !mechanisms.includes('LOGIN')) {
    return await channel.command(`AUTH PLAIN ${encode(`\0${user}\0${password}`)}`, timeoutMs)
  }
  for (const line of ['AUTH LOGIN', encode(user)]) {
    const reply = await channel.command(line, timeoutMs)
    if (reply.code !== 334) return isPositive(reply) ? channel.fail('it answers AUTH oddly') : reply
  }
  return await channel.command(encode(password), timeoutMs)
}
