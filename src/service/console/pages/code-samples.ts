// What an empty page teaches: lines of the guide, where they are compiled.

export const saveCampaignCode = `const prepared = prepareEmail(html, domain, { campaignRef: 'november' })
await store.saveCampaign({ domain: domain.name, campaign: 'november', subject, html, now: Date.now() })
for (const recipient of recipients) {
  const email = prepared.instrument()
  await store.saveMessage(email, { domain: domain.name, campaign: 'november', recipient })
  await send(recipient, email.html)
}`

export const writeEventsCode = `const sink = createBatchingSink({ write: store.write, onError: ({ cause }) => console.error(cause) })
export const receiver = createReceiver({ domains: store.findByHost, onEvent: sink.add })`
