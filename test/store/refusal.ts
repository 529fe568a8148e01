import { MailtraceError } from '../../src/errors.ts'

/** The code and the message that a promise is rejected with. */
export async function refusalOf(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof MailtraceError)) throw error ?? new Error('nothing was refused')
  return { code: error.code, message: error.message }
}
