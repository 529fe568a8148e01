import type { MailData } from './plugin-options.ts'

/** Where something can go wrong. */
export const failureSources = [
  /** The message's own key `mailtrace`. */
  'mailtrace',
  'domain',
  'tracking',
  /** The HTML part: it could not be read, or an option does not fit. */
  'html',
  /** The plain-text part. */
  'text',
  /** A message that is given as `raw`. */
  'raw',
  'now',
  'onOutcome',
] as const

export type PluginFailureSource = (typeof failureSources)[number]

/** Something that went wrong in the plugin. The message went out untracked. */
export interface PluginFailure {
  /** The option, the key or the part of the message that failed. */
  readonly source: PluginFailureSource
  /** What was thrown; a `MailtraceError` with code `timed-out` if nothing came in time. */
  readonly cause: unknown
  readonly message: MailData
}

/** What {@link attempt} throws: plain data, which never leaves the plugin. */
export interface Failed {
  readonly source: PluginFailureSource
  readonly cause: unknown
}

/** Does one step. What is thrown carries the step's name. */
export async function attempt<Result>(
  source: PluginFailureSource,
  step: () => Result | PromiseLike<Result>,
): Promise<Result> {
  try {
    return await step()
  } catch (cause) {
    throw { source, cause } satisfies Failed
  }
}

/** The default `onError`. Without the message, which is personal data. */
export function printFailure({ source, cause }: Pick<PluginFailure, 'source' | 'cause'>): void {
  console.error(`mailtrace: ${source} failed, the message goes out untracked`, cause)
}
