// That this file compiles is the test: the plugin fits where nodemailer's own types and those of DefinitelyTyped want one, and a
// message may carry its key once it is declared.

import nodemailer from 'nodemailer'
import type {} from 'nodemailer/lib/mail-composer'
import nodemailer8 from 'nodemailer8'
import type {} from 'nodemailer8/lib/mailer/index.js'
import { expect, it } from 'vitest'
import { type MailTracking, mailtrace } from '../../src/nodemailer/index.ts'
import { domain } from './sending.ts'

declare module 'nodemailer/lib/mail-composer' {
  interface MailComposerOptions {
    mailtrace?: MailTracking
  }
}
declare module 'nodemailer8/lib/mailer/index.js' {
  interface Options {
    mailtrace?: MailTracking
  }
}

const message = {
  from: 'news@example.com',
  to: 'ada@example.org',
  html: '<a href="https://shop.example/">x</a>',
  mailtrace: { messageRef: 'm1' },
}

it('nodemailer, by its own types', async () => {
  const plugin = mailtrace({ domain })
  nodemailer.createTransport({ host: 'smtp.example.com' }).use('compile', plugin).close()
  nodemailer.createTransport({ pool: true, host: 'smtp.example.com' }).use('compile', plugin).close()
  const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true }).use('compile', plugin)
  const { message: sent } = await transporter.sendMail({ ...message, mailtrace: { messageRef: 'm1' } })
  expect(`${sent}`).toContain('https://links.')
})

it('nodemailer 8, by those of DefinitelyTyped', async () => {
  const transporter = nodemailer8.createTransport({ streamTransport: true, buffer: true })
  transporter.use('compile', mailtrace({ domain }))
  const { message: sent } = await transporter.sendMail({ ...message, mailtrace: { messageRef: 'm1' } })
  expect(`${sent}`).toContain('https://links.')
})
