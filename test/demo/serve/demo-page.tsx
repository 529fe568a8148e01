// The frame around the demo's pages: the console's style, navigation of their own.

import { assets } from '../../../src/service/console/assets.ts'
import { Icon, type IconName, Logo } from '../../../src/service/console/parts/icons.tsx'
import { type Child, type Html, raw } from '../../../src/service/hono.ts'

export const stylePath = '/demo/style.css'
export const scriptPath = '/demo/script.js'

/** Back from the console, the guide shows how far one has come. */
export const script = "addEventListener('visibilitychange',()=>document.visibilityState==='visible'&&location.reload())"

const sections: readonly { readonly href: string; readonly name: string; readonly icon: IconName }[] = [
  { href: '/demo', name: 'The demo', icon: 'overview' },
  { href: '/demo/dns', name: 'DNS provider', icon: 'domains' },
  { href: '/demo/inbox', name: 'Inboxes', icon: 'messages' },
  { href: '/', name: 'Console', icon: 'live' },
]

const doctype = raw('<!doctype html>')

export const DemoPage = ({
  path,
  title,
  lead,
  aside,
  children,
}: {
  readonly path: string
  readonly title: string
  readonly lead: Child
  readonly aside?: Child
  readonly children?: Child
}): Html => (
  <>
    {doctype}
    <html lang="en">
      <Head title={title} isGuide={path === '/demo'} />
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <header class="side">
          <a class="brand" href="/demo">
            <Logo />
            mailtrace demo
          </a>
          <nav aria-label="Demo">
            <ul>
              {sections.map(({ href, name, icon }) => (
                <li>
                  <a
                    href={href}
                    aria-current={href === path ? 'page' : undefined}
                    target={href === '/' ? '_blank' : undefined}
                  >
                    <Icon name={icon} />
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="account">
            <span class="soft">All of it is on this machine</span>
          </div>
        </header>
        <main class="content" id="content" tabindex={-1}>
          <div class="page-head">
            <div>
              <h1>{title}</h1>
              <p class="lead">{lead}</p>
            </div>
            {aside}
          </div>
          <div class="stack">{children}</div>
        </main>
      </body>
    </html>
  </>
)

const Head = ({ title, isGuide = false }: { readonly title: string; readonly isGuide?: boolean }): Html => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <title>{`${title} · mailtrace demo`}</title>
    <link rel="icon" type="image/svg+xml" href={assets.icon.path} />
    <link rel="stylesheet" href={assets.style.path} />
    <link rel="stylesheet" href={stylePath} />
    {isGuide ? <script src={scriptPath} defer></script> : null}
  </head>
)

/** Under a name of its own, as a link leads to somebody else's site. */
export const LandingPage = ({ title, children }: { readonly title: string; readonly children?: Child }): Html => (
  <>
    {doctype}
    <html lang="en">
      <Head title={title} />
      <body class="plain landing">
        <main id="content">
          <div class="card">
            <div class="card-body">
              <h1>{title}</h1>
              {children}
            </div>
          </div>
        </main>
      </body>
    </html>
  </>
)
