// Mail outlives its tracking host: what was sent through a former one must go on working in readers' browsers.

import { expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { followLink } from './follow-link.ts'
import { openStage } from './stage.ts'

const stage = await openStage()
const destination = 'https://shop.example.com/coffee/huila?utm_source=newsletter#order'
const mail = `<!doctype html><title>Mail</title><p><a href="${destination}">Order</a>`

const oldMail = instrumentEmail(mail, stage.useDomain('old'), { messageRef: 'sent-before' })
const newMail = instrumentEmail(mail, stage.useDomain('old', 'links'), { messageRef: 'sent-after' })

it.each([
  ['the former host', 'old.localhost', oldMail],
  ['the new host', 'links.localhost', newMail],
])('a mail sent through %s is opened and clicked after the change', async (_name, host, sent) => {
  const page = await stage.context.newPage()
  stage.show(sent.html)
  await page.goto(stage.pageUrl)
  const link = page.locator('a')
  expect(new URL((await link.getAttribute('href'))!).hostname).toBe(host)
  const landing = await followLink(stage, link)

  expect(landing).toEqual({ shown: destination, visits: [destination.replace('#order', '')] })
  const fields = { messageRef: sent.messageRef, host: expect.stringMatching(`^${host}:`) }
  expect(stage.takeEvents()).toMatchObject([
    { type: 'open', ...fields },
    { type: 'click', ...fields, index: 0, destination },
  ])
  expect(stage.failures).toEqual([])
})
