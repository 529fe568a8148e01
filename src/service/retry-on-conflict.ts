import { MailtraceError } from '../errors.ts'

/** Whoever loses so often against others loses. */
const maxAttempts = 10

/** Reads, changes and writes again, for as long as others are faster. */
export async function retryOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof MailtraceError && error.code === 'version-conflict') || attempts === maxAttempts)
        throw error
    }
  }
}
