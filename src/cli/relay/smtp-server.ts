import type { SMTPServer } from 'smtp-server'
import { failure, reasonOf } from '../failure.ts'

export type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'

type ServerOptions = NonNullable<ConstructorParameters<typeof SMTPServer>[0]>

/** It is looked for when it is needed: only who runs the relay installs it. */
export async function createSmtpServer(options: ServerOptions): Promise<SMTPServer> {
  const { SMTPServer } = await import('smtp-server').catch((error: unknown) => {
    throw failure(`the relay needs the package smtp-server (npm install smtp-server): ${reasonOf(error)}`)
  })
  return new SMTPServer(options)
}
