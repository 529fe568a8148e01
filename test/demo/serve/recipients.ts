import type { ClickMode, OpenMode } from '../../../src/index.ts'

/** A made-up reader, and how far they agreed to be tracked. */
export interface Recipient {
  readonly id: string
  readonly name: string
  readonly consent: string
  readonly open: OpenMode | false
  readonly click: ClickMode | false
}

export const recipients: readonly Recipient[] = [
  { id: 'ada', name: 'Ada Amsel', consent: 'Agreed to everything.', open: 'full', click: 'full' },
  {
    id: 'ben',
    name: 'Ben Brandt',
    consent: 'May be recognised. Keep neither my browser nor my address.',
    open: 'identified',
    click: 'identified',
  },
  {
    id: 'chloe',
    name: 'Chloé Clair',
    consent: 'You may know on which day I read it. No clicks by name.',
    open: 'day',
    click: 'anonymous',
  },
  { id: 'deniz', name: 'Deniz Demir', consent: 'Count me, but never as me.', open: 'anonymous', click: 'anonymous' },
  { id: 'emil', name: 'Emil Ebert', consent: 'No tracking, please.', open: false, click: false },
]

export const addressOf = ({ id }: Recipient): string => `${id}@readers.localhost`
