interface OptOut {
  readonly name: string
  /** The value that opts out, in lower case; absent: any. For `class`, one of its words. */
  readonly value?: string
  /** Whose templates have it; `null` where several senders' do, or nobody knows. */
  readonly sender: string | null
}

/**
 * The attributes by which a template says "leave this link alone": ours, and those of other senders, so that a template
 * written for any of them keeps working.
 */
export const optOuts: readonly OptOut[] = [
  { name: 'data-no-track', sender: 'mailtrace' },
  { name: 'ses:no-track', sender: 'Amazon SES' },
  { name: 'clicktracking', value: 'off', sender: 'SendGrid' },
  { name: 'data-pm-no-track', sender: 'Postmark' },
  { name: 'data-msys-clicktrack', value: '0', sender: 'SparkPost' },
  { name: 'mc:disable-tracking', sender: 'Mailchimp' },
  { name: 'disable-tracking', value: 'true', sender: 'Mailgun' },
  { name: 'class', value: 'untracked', sender: null },
  { name: 'data-skip-click', sender: null },
  { name: 'data-mautic-disable-tracking', value: 'true', sender: 'Mautic' },
  { name: 'mautic:disable-tracking', sender: 'Mautic' },
  { name: 'data-ph-no-track', sender: null },
  { name: 'autotrack', value: 'false', sender: null },
]

/** Whether an attribute with the name of this opt-out opts out by its value. */
export function optsOut({ name, value }: OptOut, text: string): boolean {
  if (value === undefined) return true
  // Class names are case-sensitive, keywords are not.
  return name === 'class' ? text.split(/[\t\n\f\r ]+/).includes(value) : text.trim().toLowerCase() === value
}
