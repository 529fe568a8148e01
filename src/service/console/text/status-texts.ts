import type { InactiveReason } from '../../../config/activation.ts'
import type { RecordStatus } from '../../../config/domain-config.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'neutral'

/** What a record's status means, and what to do about it. */
export const statusTexts: Readonly<Record<RecordStatus, { name: string; tone: Tone; what: string }>> = {
  not_started: {
    name: 'Not checked yet',
    tone: 'neutral',
    what: 'Add this record where your DNS is kept, then press “Verify now”.',
  },
  pending: {
    name: 'Pending',
    tone: 'warn',
    what: 'Not found yet, or not answering. DNS can take some hours; it is looked for again for 72 hours.',
  },
  verified: { name: 'Verified', tone: 'good', what: 'The record is right.' },
  temporary_failure: {
    name: 'Failing',
    tone: 'warn',
    what: 'It was right and is no longer found. New mail does not use it; put the record back within 72 hours.',
  },
  failed: {
    name: 'Failed',
    tone: 'bad',
    what: 'Not found for 72 hours. Add the record and verify again: it is never too late.',
  },
}

/** Why mail of a domain is not tracked, and what to do. */
export const inactiveTexts: Readonly<Record<InactiveReason, { name: string; what: string }>> = {
  'tracking-disabled': {
    name: 'Switched off',
    what: 'Open and click tracking are both off. Mail goes out exactly as it was written.',
  },
  'no-tracking-domain': {
    name: 'No tracking domain',
    what: 'Choose the host name that links will lead through. Until then mail goes out exactly as it was written.',
  },
  'cname-unverified': {
    name: 'Waiting for DNS',
    what: 'No tracking domain has a verified record. Until then mail goes out exactly as it was written.',
  },
}
