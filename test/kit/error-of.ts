import { MailtraceError } from '../../src/errors.ts'

/** What a call throws; `undefined` if nothing. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

/** The code and the message of the error that a call throws; anything but a `MailtraceError` goes on. */
export function errorOf(call: () => unknown): { code: string; message: string } {
  const error = thrownBy(call)
  if (error === undefined) return { code: 'none', message: '' }
  if (error instanceof MailtraceError) return { code: error.code, message: error.message }
  throw error
}
