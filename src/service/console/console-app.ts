import type { Context, Hono } from '../hono.ts'
import type { CheckedServiceOptions, Contexts } from '../service-options.ts'
import type { Visit } from './visit.ts'

export interface ConsoleEnv {
  Bindings: { contexts: Contexts }
  Variables: { visit: Visit; form: URLSearchParams }
}

export type ConsoleApp = Hono<ConsoleEnv>
export type ConsoleContext = Context<ConsoleEnv>

/** Adds the pages of one section. */
export type AddPages = (app: ConsoleApp, options: CheckedServiceOptions) => void
