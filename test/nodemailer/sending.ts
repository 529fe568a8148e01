// Sends through nodemailer with the plugin in use, and gives what came of it.

import nodemailer10, { type SendMailOptions } from 'nodemailer'
import type { DomainConfig } from '../../src/index.ts'
import { defineDomain } from '../../src/index.ts'
import {
  type MailData,
  type MailOutcome,
  type MailTracking,
  mailtrace,
  type PluginFailure,
  type PluginOptions,
} from '../../src/nodemailer/index.ts'
import { signedDomain } from '../kit/domains.ts'
import type { Nodemailer } from './nodemailers.ts'

/** 2026-01-15T12:00:00.789Z. */
export const nowMs = 1_768_478_400_789

export const domain: DomainConfig = defineDomain(signedDomain)

/** What TypeScript users declare, as the guide says. */
export interface Message extends SendMailOptions {
  readonly mailtrace?: MailTracking
  readonly [own: string]: unknown
}

export const plain: Message = {
  from: 'News <news@example.com>',
  to: 'ada@example.org',
  subject: 'News',
  html: '<p><a href="https://shop.example/sale">Sale</a></p>',
}

export interface Sent {
  /** The message as it goes out, with LF. */
  readonly raw: string
  /** What nodemailer hands to the transport. */
  readonly data: MailData
  /** What onOutcome was told. */
  readonly outcomes: readonly MailOutcome[]
  readonly failures: readonly PluginFailure[]
  /** Of the sending itself. */
  readonly error: Error | null
}

export interface SendOptions {
  readonly nodemailer?: Nodemailer
  readonly transport?: object
}

export async function send(
  message: Message,
  options: Partial<PluginOptions> = {},
  { nodemailer = nodemailer10, transport = {} }: SendOptions = {},
): Promise<Sent> {
  const outcomes: MailOutcome[] = []
  const failures: PluginFailure[] = []
  let data: MailData = {}
  const transporter = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    ...transport,
  } as { streamTransport: true })
  transporter.use(
    'compile',
    mailtrace({
      domain,
      now: () => nowMs,
      onOutcome: (outcome) => outcomes.push(outcome),
      onError: (failure) => failures.push(failure),
      ...options,
    }),
  )
  transporter.use('stream', (mail, callback) => {
    data = mail.data as MailData
    callback()
  })
  try {
    const { message: raw } = await transporter.sendMail(message)
    return { raw: `${raw}`.replaceAll('\r\n', '\n'), data, outcomes, failures, error: null }
  } catch (error) {
    return { raw: '', data, outcomes, failures, error: error as Error }
  }
}

/** The error's code and message, as a failure carries it. */
export const causeOf = ({ source, cause }: PluginFailure): readonly [string, unknown, string] => {
  const { code, message } = cause as { code?: string; message: string }
  return [source, code, message]
}
