import type { AddPages, ConsoleContext } from '../console-app.ts'
import { answerEmail, wantsImages } from '../email-answer.ts'
import { campaignPath } from '../links.ts'
import { CampaignPage } from '../pages/campaign-page.tsx'
import { CampaignsPage } from '../pages/campaigns-page.tsx'
import { NotFoundPage } from '../pages/plain-pages.tsx'

export const addCampaignPages: AddPages = (app, options) => {
  const { store } = options

  const find = ({ var: { visit }, req }: ConsoleContext) =>
    store.campaign({
      owner: visit.identity.owner,
      campaign: req.query('name') ?? '',
      domain: req.query('domain'),
    })

  app.get('/campaigns', async (context) => {
    const { visit } = context.var
    const after = context.req.query('after')
    const campaigns = await store.campaigns({ owner: visit.identity.owner, after, limit: 50 })
    return context.html(<CampaignsPage visit={visit} campaigns={campaigns} after={after} />)
  })

  // As somebody would type it.
  app.get('/campaigns/:campaign', async (context) => {
    const campaign = await store.campaign({
      owner: context.var.visit.identity.owner,
      campaign: context.req.param('campaign'),
    })
    return campaign === null ? context.html(<NotFoundPage />, 404) : context.redirect(campaignPath(campaign), 302)
  })

  app.get('/campaign', async (context) => {
    const campaign = await find(context)
    if (campaign === null) return context.html(<NotFoundPage />, 404)
    const loadsImages = wantsImages(context)
    return context.html(<CampaignPage visit={context.var.visit} campaign={campaign} loadsImages={loadsImages} />)
  })

  app.get('/campaign/email', async (context) => {
    const campaign = await find(context)
    return campaign === null ? context.html(<NotFoundPage />, 404) : answerEmail(context, options, campaign)
  })
}
