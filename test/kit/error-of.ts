// The error of a call, as code and message.

import { MailtraceError } from '../../src/errors.ts'

export function errorOf(call: () => unknown): { code: string; message: string } {
  try {
    call()
  } catch (error) {
    if (error instanceof MailtraceError) return { code: error.code, message: error.message }
    throw error
  }
  return { code: 'none', message: '' }
}
