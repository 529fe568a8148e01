import { type ClickMode, clickModes, lowestMode, type OpenMode, openModes } from '../../config/tracking-modes.ts'
import { type HeaderField, readHeaderFields } from './message-header.ts'

/** What the header fields of a message say about its tracking. */
export interface Steering {
  readonly messageRef: string | null
  readonly campaignRef: string | null
  /** At most so far. */
  readonly openTracking: OpenMode | false
  readonly clickTracking: ClickMode | false
  /** What is wrong with them: such a message is not tracked, as nobody knows how far it was meant to be. */
  readonly flaws: readonly string[]
}

const prefix = 'x-mailtrace-'
const names = ['Ref', 'Campaign', 'Tracking'] as const

/** Whoever reads the mail must not see them: all that begin so go, misspelled ones too. */
const isSteering = ({ name }: HeaderField): boolean => name.startsWith(prefix)

/** Takes the fields out; every other byte stays. */
export function removeSteering(message: Buffer): Buffer {
  const pieces: Buffer[] = []
  let start = 0
  for (const field of readHeaderFields(message).filter(isSteering)) {
    pieces.push(message.subarray(start, field.start))
    start = field.end
  }
  return start === 0 ? message : Buffer.concat([...pieces, message.subarray(start)])
}

/**
 *     field      = [ "<" address ">" ] value        ; with an address, for the copy of that recipient alone
 *     ref        = value
 *     campaign   = value
 *     tracking   = "off" / mode *( ( "," / ";" ) mode )
 *     mode       = ( "open" / "click" ) "=" ( one of the modes / "off" )
 */
const addressed = /^<([^<>]*)>\s*/
const mode = /^(open|click)\s*=\s*([a-z]+)$/

/**
 * What holds for the copy that these recipients get. Tracking may be said several times, and the lowest holds; a reference is one.
 *
 * @param isOneOfSeveral whether others get a copy too: a reference that is said for all of them can be nobody's own
 */
export function readSteering(message: Buffer, recipients: readonly string[], isOneOfSeveral: boolean): Steering {
  const own = new Set(recipients.map((address) => address.toLowerCase()))
  const flaws: string[] = []
  const said: Record<(typeof names)[number], string[]> = { Ref: [], Campaign: [], Tracking: [] }
  for (const { name, value } of readHeaderFields(message).filter(isSteering)) {
    const known = names.find((each) => name === prefix + each.toLowerCase())
    if (known === undefined) {
      flaws.push(`no header is called ${JSON.stringify(name)}`)
      continue
    }
    const address = addressed.exec(value)
    if (address === null && known === 'Ref' && isOneOfSeveral) continue
    if (address === null || own.has(address[1]!.toLowerCase())) said[known].push(value.slice(address?.[0].length ?? 0))
  }
  const modes = said.Tracking.flatMap((text) => readModes(text, flaws))
  return {
    messageRef: readOne('Ref', said.Ref, flaws),
    campaignRef: readOne('Campaign', said.Campaign, flaws),
    openTracking: lowestMode<OpenMode>(['full', ...modes.map(({ open }) => open)]),
    clickTracking: lowestMode<ClickMode>(['full', ...modes.map(({ click }) => click)]),
    flaws,
  }
}

function readOne(name: string, values: readonly string[], flaws: string[]): string | null {
  const [value = null, another] = new Set(values)
  if (another !== undefined) flaws.push(`X-Mailtrace-${name} is there twice`)
  if (value === '') flaws.push(`X-Mailtrace-${name} is empty`)
  return value
}

interface Modes {
  readonly open: OpenMode | false
  readonly click: ClickMode | false
}

function readModes(text: string, flaws: string[]): readonly Modes[] {
  return text
    .toLowerCase()
    .split(/[,;]/)
    .map((each): Modes => {
      const word = each.trim()
      if (word === 'off') return { open: false, click: false }
      const [, what, value] = mode.exec(word) ?? []
      const open = what === 'open' ? readMode(value!, openModes) : 'full'
      const click = what === 'click' ? readMode(value!, clickModes) : 'full'
      if (what !== undefined && open !== null && click !== null) return { open, click }
      flaws.push(`X-Mailtrace-Tracking is ${JSON.stringify(text)}: use off, or open=MODE, click=MODE`)
      return { open: false, click: false }
    })
}

const readMode = <Mode extends string>(value: string, modes: readonly Mode[]): Mode | false | null =>
  value === 'off' ? false : (modes.find((each) => each === value) ?? null)
