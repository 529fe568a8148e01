import type { OpenMode } from '../../../config/tracking-modes.ts'

/** A choice of how far opens or clicks are tracked, as a person reads it. */
export interface ModeText {
  readonly name: string
  readonly what: string
}

/** Facts about data; whether something is lawful is for the sender to know. */
export const modeTexts: Readonly<Record<OpenMode, ModeText>> = {
  full: {
    name: 'Full',
    what: 'Who and when, with the mail program or browser.',
  },
  identified: {
    name: 'Identified',
    what: 'Who and when. Neither browser nor network address is kept.',
  },
  day: {
    name: 'Day only',
    what: 'Who, and on which day. Nobody can tell whether a person opened it.',
  },
  anonymous: {
    name: 'Anonymous',
    what: 'Counted for the campaign alone. All recipients get the same address; nobody can tell who it was.',
  },
}

export const offText: ModeText = { name: 'Off', what: 'Nothing is put into the mail and nothing is recorded.' }

export const modeText = (mode: OpenMode | false): ModeText => (mode === false ? offText : modeTexts[mode])

/** What a configuration says, with `true` as what it means. */
export const modeOf = <Mode extends OpenMode>(value: boolean | Mode): Mode | 'full' | false =>
  value === true ? 'full' : value
