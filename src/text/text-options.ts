import type { CheckedDomain } from '../config/domain-config.ts'
import {
  type CheckedMessageOptions,
  type CheckedPrepareOptions,
  checkInstrumentOptions,
  checkMessageOptions,
  checkPrepareOptions,
  type MessageOptions,
  type PrepareOptions,
} from '../instrument/options.ts'

/** What a call may say about a plain-text part, whoever receives it: what instrumentEmail takes, as far as a text has it. */
export type PrepareTextOptions = Pick<
  PrepareOptions,
  'clickTracking' | 'campaignRef' | 'skipUrls' | 'maxUrlLength' | 'now'
>

/** What a call may say about one recipient's copy. */
export type TextMessageOptions = Pick<MessageOptions, 'clickTracking' | 'messageRef'>

export interface TextOptions extends PrepareTextOptions, TextMessageOptions {}

const prepareFields = ['clickTracking', 'campaignRef', 'skipUrls', 'maxUrlLength', 'now'] as const
const messageFields = ['clickTracking', 'messageRef'] as const
const textFields = ['messageRef', ...prepareFields] as const

/** A text has no place for a pixel, so that with clicks off nothing is left to track. */
const withoutOpens = <Options extends CheckedMessageOptions | CheckedPrepareOptions>(options: Options): Options => ({
  ...options,
  openTracking: false,
})

export function checkTextOptions(
  options: TextOptions,
  domain: CheckedDomain,
): { readonly email: CheckedPrepareOptions; readonly message: CheckedMessageOptions } {
  const { email, message } = checkInstrumentOptions(options, domain, textFields)
  return { email: withoutOpens(email), message }
}

export function checkPrepareTextOptions(options: PrepareTextOptions, domain: CheckedDomain): CheckedPrepareOptions {
  return withoutOpens(checkPrepareOptions(options, domain, prepareFields))
}

export function checkTextMessageOptions(options: TextMessageOptions, domain: CheckedDomain): CheckedMessageOptions {
  return checkMessageOptions(options, domain, messageFields)
}
