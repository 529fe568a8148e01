import { printable } from '../../../printable.ts'
import type { Child, Html } from '../../hono.ts'
import { raw } from '../../hono.ts'
import { assets } from '../assets.ts'
import type { Visit } from '../visit.ts'
import { HiddenToken } from './form.tsx'
import { Icon, type IconName, Logo } from './icons.tsx'
import { Foreign } from './small.tsx'

export type Section = '/' | '/domains' | '/campaigns' | '/messages' | '/live'

const sections: readonly { readonly href: Section; readonly name: string; readonly icon: IconName }[] = [
  { href: '/', name: 'Overview', icon: 'overview' },
  { href: '/domains', name: 'Domains', icon: 'domains' },
  { href: '/campaigns', name: 'Campaigns', icon: 'campaigns' },
  { href: '/messages', name: 'Messages', icon: 'messages' },
  { href: '/live', name: 'Live', icon: 'live' },
]

export interface Crumb {
  readonly href: string
  readonly name: string
}

const Head = ({ title }: { readonly title: string }): Html => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>{`${printable(title, 120)} · mailtrace`}</title>
    <link rel="icon" type="image/svg+xml" href={assets.icon.path} />
    <link rel="stylesheet" href={assets.style.path} />
    <script src={assets.script.path} defer></script>
  </head>
)

const doctype = raw('<!doctype html>')

/** A page with navigation. Its heading is its name. */
export const Page = ({
  visit,
  section,
  title,
  heading,
  crumbs,
  lead,
  aside,
  children,
}: {
  readonly visit: Visit
  readonly section: Section
  readonly title: string
  /** Default: the title */
  readonly heading?: Child
  readonly crumbs?: readonly Crumb[] | undefined
  readonly lead?: Child
  readonly aside?: Child
  readonly children?: Child
}): Html => (
  <>
    {doctype}
    <html lang="en">
      <Head title={title} />
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <Side visit={visit} section={section} />
        <main class="content" id="content" tabindex={-1}>
          {crumbs === undefined ? null : <Crumbs crumbs={crumbs} />}
          <div class="page-head">
            <div>
              <h1>{heading ?? title}</h1>
              {lead === undefined ? null : <p class="lead">{lead}</p>}
            </div>
            {aside}
          </div>
          <div class="stack">{children}</div>
        </main>
        <div id="said" class="unseen" role="status" aria-live="polite"></div>
      </body>
    </html>
  </>
)

const Side = ({ visit, section }: { readonly visit: Visit; readonly section: Section }): Html => (
  <header class="side">
    <a class="brand" href="/">
      <Logo />
      mailtrace
    </a>
    <nav aria-label="Main">
      <ul>
        {sections.map(({ href, name, icon }) => (
          <li>
            <a href={href} aria-current={href === section ? 'page' : undefined}>
              <Icon name={icon} />
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
    <div class="account">
      <span class="soft">
        {visit.identity.owner === 'default' ? 'Signed in' : visit.identity.owner}
        {visit.identity.access === 'read' ? ', may look' : ''}
      </span>
      {visit.canSignOut ? (
        <form method="post" action="/sign-out">
          <HiddenToken visit={visit} />
          <button type="submit" class="button quiet">
            Sign out
          </button>
        </form>
      ) : null}
    </div>
  </header>
)

const Crumbs = ({ crumbs }: { readonly crumbs: readonly Crumb[] }): Html => (
  <nav class="crumbs" aria-label="Breadcrumb">
    <span class="soft" aria-hidden="true">
      {'‹ '}
    </span>
    {crumbs.map(({ href, name }, index) => (
      <>
        {index === 0 ? null : (
          <span class="soft" aria-hidden="true">
            {' / '}
          </span>
        )}
        <a href={href}>
          <Foreign text={name} longest={60} />
        </a>
      </>
    ))}
  </nav>
)

/** A page for whoever is not signed in, or went wrong. */
export const PlainPage = ({
  title,
  children,
  refreshTo,
}: {
  readonly title: string
  readonly children?: Child
  readonly refreshTo?: string
}): Html => (
  <>
    {doctype}
    <html lang="en">
      <Head title={title} />
      <body class="plain">
        <main id="content">
          <a class="brand" href="/">
            <Logo />
            mailtrace
          </a>
          <div class="card">
            <div class="card-body">
              <h1>{title}</h1>
              {children}
            </div>
          </div>
          {refreshTo === undefined ? null : <meta http-equiv="refresh" content={`0;url=${refreshTo}`} />}
        </main>
      </body>
    </html>
  </>
)
