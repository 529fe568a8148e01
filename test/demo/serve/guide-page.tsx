import { Card } from '../../../src/service/console/parts/card.tsx'
import { Notice } from '../../../src/service/console/parts/notice.tsx'
import type { Child, Html } from '../../../src/service/hono.ts'
import { DemoPage } from './demo-page.tsx'
import { type DemoState, isOfThisMachine } from './demo-state.ts'

interface Step {
  readonly isDone: boolean
  /** Doing it again shows more. */
  readonly isRepeatable?: true
  readonly title: string
  readonly what: Child
  readonly action: Html | null
}

export const GuidePage = ({
  state,
  signInPath,
}: {
  readonly state: DemoState
  /** `null`: this browser is signed in. */
  readonly signInPath: string | null
}): Html => {
  const steps = stepsOf(state, signInPath)
  const next = steps.findIndex(({ isDone }) => !isDone)
  const name = state.domain?.config.name
  return (
    <DemoPage
      path="/demo"
      title="From a domain to numbers"
      lead="You send a newsletter to five people who agreed to different things, read it in their place, and see what is counted: people and machines apart."
    >
      {name === undefined || isOfThisMachine(name) ? null : (
        <Notice tone="warn" title={`${name} does not lead here`}>
          <p>
            In this demo links come back to this machine, which only names ending in .localhost do. Add shop.localhost
            in the console.
          </p>
        </Notice>
      )}
      {next === -1 ? (
        <Card id="numbers" title="That was all of it">
          <p class="hint">
            The campaign’s page has its numbers with their denominators, links by people and machines, and the mail with
            its clicks in place. Each message has a timeline with the reason for every verdict. Or send it again and
            watch the events come in live.
          </p>
          <p class="actions">
            <a class="button main" href="/campaigns" target="_blank" rel="noopener">
              See the campaign
            </a>
            <a class="button" href="/live" target="_blank" rel="noopener">
              Watch live
            </a>
          </p>
        </Card>
      ) : null}
      <Card id="steps" title="Step by step">
        <ol class="steps">
          {steps.map(({ isDone, isRepeatable = false, title, what, action }, index) => (
            <li class={isDone ? 'done' : index === next ? 'next' : ''}>
              <div>
                <h3>
                  {title}
                  {isDone ? <span class="unseen">: done</span> : null}
                </h3>
                {isDone && !isRepeatable ? null : <p>{what}</p>}
                {index === next || (isDone && isRepeatable) ? action : null}
              </div>
            </li>
          ))}
        </ol>
      </Card>
    </DemoPage>
  )
}

function stepsOf(state: DemoState, signInPath: string | null): readonly Step[] {
  const { domain, records } = state
  const [record] = records.toReversed()
  const ready = state.isTracked && record !== undefined
  const path = domain === null ? '/domains' : `/domains/${domain.id}`
  return [
    {
      isDone: signInPath === null,
      title: 'Open the console',
      what: 'By a link that works once, as the one in the terminal.',
      action: signInPath === null ? null : <Go href={signInPath} text="Sign in" />,
    },
    {
      isDone: domain !== null && ready,
      title: 'Configure a tracking domain',
      what: (
        <>
          In the console, add the domain <code>shop.localhost</code>, switch open and click tracking to Full, and set
          the tracking domain <code>links</code>. Names under .localhost are this machine.
        </>
      ),
      action: <Go href={path} text={domain === null ? 'Add the domain' : 'Go on in the console'} />,
    },
    {
      isDone: record?.isPublished === true,
      title: 'Publish its DNS record',
      what: 'As the console shows it. In this demo your DNS provider is a page with a button, and a real DNS server behind it.',
      action: <Go href="/demo/dns" text="Go to your DNS provider" />,
    },
    {
      isDone: state.isVerified,
      title: 'Verify it',
      what: 'Press “Verify now” at the record. Until then mail goes out exactly as it was written.',
      action: <Go href={`${path}#records`} text="Verify it in the console" />,
    },
    {
      isDone: state.isSent,
      isRepeatable: true,
      title: 'Send the newsletter',
      what: 'To five made-up recipients. Each gets a copy that is tracked as far as they agreed to.',
      action: (
        <form method="post" action="/demo/send" class="actions">
          <button type="submit" class={state.isSent ? 'button' : 'button main'}>
            {state.isSent ? 'Send it again' : 'Send the newsletter'}
          </button>
        </form>
      ),
    },
    {
      isDone: state.hasPeople,
      isRepeatable: true,
      title: 'Read it, and click',
      what: 'Open the mail of one or two recipients and follow a link, as a reader does.',
      action: <Go href="/demo/inbox" text="Open the inboxes" isDone={state.hasPeople} />,
    },
    {
      isDone: state.hasMachines,
      isRepeatable: true,
      title: 'Let a machine look at it',
      what: 'Security gateways follow every link of a mail before its reader does. In the inboxes there is a button that does the same.',
      action: <Go href="/demo/inbox" text="Go to the inboxes" isDone={state.hasMachines} />,
    },
  ]
}

/** The console opens beside the guide, which then shows what is done. */
const Go = ({
  href,
  text,
  isDone = false,
}: {
  readonly href: string
  readonly text: string
  readonly isDone?: boolean
}): Html => (
  <p class="actions">
    <a class={isDone ? 'button' : 'button main'} href={href} target={href.startsWith('/demo') ? undefined : '_blank'}>
      {text}
    </a>
  </p>
)
