import type { DomainActions } from '../domain-actions.ts'
import { Hono } from '../hono.ts'
import type { CheckedServiceOptions, Contexts } from '../service-options.ts'

/** The console: pages for people. */
export function createConsole(
  _options: CheckedServiceOptions,
  _actions: DomainActions,
): Hono<{ Bindings: { contexts: Contexts } }> {
  const app = new Hono<{ Bindings: { contexts: Contexts } }>()
  app.get('/', (context) =>
    context.html(
      <html lang="en">
        <head>
          <title>mailtrace</title>
        </head>
        <body>
          <h1>mailtrace</h1>
        </body>
      </html>,
    ),
  )
  return app
}
