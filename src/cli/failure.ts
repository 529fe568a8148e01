/** 1: the job failed or its input is wrong. 2: the call is wrong. */
export type ExitCode = 1 | 2

/** An error whose message is all that the user needs. A stack trace must never reach the user. */
export const failure = (message: string, exitCode: ExitCode = 1): Error =>
  Object.assign(new Error(message), { exitCode })

/** For a wrong call: an unknown option, a missing one. */
export const usageFailure = (message: string, command?: string): Error =>
  failure(`${message} (see mailtrace ${command === undefined ? '' : `${command} `}--help)`, 2)

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof Error && 'exitCode' in error && error.exitCode === 2 ? 2 : 1
}

/** What went wrong, without Node's error code and without the path, which our own words name before it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}
