import type { Command } from './command.ts'
import { dns } from './dns.ts'
import { init } from './init.ts'
import { inspect } from './inspect.ts'
import { instrument } from './instrument.ts'
import { relay } from './relay.ts'
import { serve } from './serve.ts'

/** Every command, in the order of first use. Dispatch, `--help` and the guide follow from it. */
export const commands: readonly Command[] = [init, instrument, inspect, serve, relay, dns]
