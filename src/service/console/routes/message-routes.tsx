import type { AddPages, ConsoleContext } from '../console-app.ts'
import { answerEmail, wantsImages } from '../email-answer.ts'
import { MessagePage } from '../pages/message-page.tsx'
import { MessagesPage } from '../pages/messages-page.tsx'
import { NotFoundPage } from '../pages/plain-pages.tsx'

export const addMessagePages: AddPages = (app, options) => {
  const { store } = options

  const find = ({ var: { visit }, req }: ConsoleContext) =>
    store.message({
      owner: visit.identity.owner,
      messageRef: req.param('messageRef')!,
      domain: req.query('domain'),
    })

  app.get('/messages', async (context) => {
    const { visit } = context.var
    const { after, campaign, domain } = context.req.query()
    const messages = await store.messages({ owner: visit.identity.owner, after, campaign, domain, limit: 50 })
    return context.html(
      <MessagesPage
        visit={visit}
        messages={messages}
        campaign={campaign ?? null}
        domain={domain ?? null}
        after={after}
      />,
    )
  })

  app.get('/messages/:messageRef', async (context) => {
    const message = await find(context)
    if (message === null) return context.html(<NotFoundPage />, 404)
    return context.html(<MessagePage visit={context.var.visit} message={message} loadsImages={wantsImages(context)} />)
  })

  app.get('/messages/:messageRef/email', async (context) => {
    const message = await find(context)
    return message === null ? context.html(<NotFoundPage />, 404) : answerEmail(context, options, message)
  })
}
