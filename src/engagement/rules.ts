// The verdicts rest on these two tables alone: types, checks and the guide follow from them.

/** Why an event is not a person's, in the order in which reasons are listed. */
export const rules = {
  'apple-mpp': {
    weight: 'names',
    what: "Apple's Mail Privacy Protection loaded the image, whether or not the mail was read",
    source: 'Apple Platform Security, "Protect Mail Activity"; seen as the bare user agent Mozilla/5.0',
  },
  'gmail-image-proxy': {
    weight: 'names',
    what: "Gmail's image proxy loaded the image",
    source: 'support.google.com/mail/answer/145919',
  },
  'yahoo-mail-proxy': {
    weight: 'names',
    what: "Yahoo's mail proxy loaded the image",
    source: 'help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  },
  'day-only': {
    weight: 'names',
    what: 'an open in mode day: its time is a date and nothing else is kept, so nobody can tell by whom it was',
    source: 'the tracking modes',
  },
  bot: {
    weight: 'decides',
    what: 'the user agent names a machine',
    source: 'the isbot package; "Python Requests" in putyourlightson/craft-campaign#546',
  },
  prefetch: {
    weight: 'decides',
    what: 'the request says that it loads ahead',
    source: "the Fetch standard's Sec-Purpose",
  },
  'image-proxy-click': {
    weight: 'decides',
    what: 'a link was followed under the name of an image proxy, which follows none',
    source: 'MillionSend/millionsend#22, spoofed user agents',
  },
  'no-user-agent': {
    weight: 'decides',
    what: 'a link was followed without any user agent, in mode full, where it would have been kept',
    source: 'warmbly/warmbly#438',
  },
  'scanner-network': {
    weight: 'decides',
    what: 'the application says that nobody but scanners comes from there',
    source: 'warmbly/warmbly#412',
  },
  'too-quick': {
    weight: 'decides',
    what: 'two different links, quicker than anybody clicks',
    source: 'MillionSend/millionsend#22: links a few ms apart',
  },
  'many-at-once': {
    weight: 'decides',
    what: 'many different links in a moment',
    source:
      'putyourlightson/craft-campaign#546: 9 or 10 links in less than a second; nation.marketo.com: nobody opens four',
  },
  'several-agents': {
    weight: 'decides',
    what: 'different links within seconds under different user agents',
    source: 'mautic/mautic#16263: scanners change their names',
  },
  'whole-message': {
    weight: 'decides',
    what: 'all or nearly all links of a message of many in one run, the unsubscribe link among them',
    source: 'mautic/mautic#9798: seven or eight links, a second each; mautic/mautic#9162',
  },
  quick: {
    weight: 'supports',
    about: 'pace',
    what: 'two different links, as quickly as few people click',
    source: "Adobe Marketo Engage's proximity pattern",
  },
  'long-run': {
    weight: 'supports',
    about: 'extent',
    what: 'a long row of different links without a pause',
    source: 'mautic/mautic#9798: seven or eight links, a second each',
  },
  'every-link': {
    weight: 'supports',
    about: 'extent',
    what: 'all or nearly all links of the message in one run, the unsubscribe link among them',
    source: 'mautic/mautic#9162',
  },
  'several-addresses': {
    weight: 'supports',
    about: 'place',
    what: 'different links within one run from different addresses',
    source: 'campus.barracuda.com, "Unwanted link clicks"; people change theirs too, behind a relay',
  },
  'both-parts': {
    weight: 'supports',
    about: 'parts',
    what: 'links of the HTML and of the text part in one run: a mail program shows one of the two',
    source: 'RFC 2046, section 5.1.4',
  },
  'soon-after-sending': {
    weight: 'supports',
    about: 'time',
    what: 'the run began soon after sending',
    source: 'putyourlightson/craft-campaign#546: 97 % of 836 bursts within 5 min, only 3 % within 20 s',
  },
  'cloud-network': {
    weight: 'supports',
    about: 'place',
    what: 'the application says that the run came from a network in which scanners live, and people too',
    source: 'warmbly/warmbly#412',
  },
  'with-burst': {
    weight: 'decides',
    what: 'the image was loaded by the client that then followed a burst of links',
    source: 'putyourlightson/craft-campaign#546: an open, a median of 33 s later the burst',
  },
} as const

/** Why an event is not a person's. */
export type Reason = keyof typeof rules

/** The numbers of the rules: each an option of `judgeEvents`. */
export const numbers = {
  burstGapMs: {
    value: 5000,
    min: 1,
    max: 60_000,
    what: 'clicks of a message that follow one another by no more are one run',
    source: 'mautic/mautic#9798: about a second a link, more for slow destinations',
  },
  tooQuickMs: {
    value: 100,
    min: 1,
    max: 10_000,
    what: 'two different links within this time are `too-quick`',
    source: 'MillionSend/millionsend#22: a few ms; moving a pointer to another link takes some 300',
  },
  manyLinks: {
    value: 4,
    min: 2,
    max: 100,
    what: 'so many different links within `manyWithinMs` are `many-at-once`',
    source: 'nation.marketo.com, idea 263330; putyourlightson/craft-campaign#546 counts from five',
  },
  manyWithinMs: {
    value: 1000,
    min: 1,
    max: 60_000,
    what: 'the moment of `many-at-once`',
    source: 'putyourlightson/craft-campaign#546',
  },
  agentsWithinMs: {
    value: 2000,
    min: 1,
    max: 60_000,
    what: 'different links under different user agents within this time are `several-agents`',
    source: 'mautic/mautic#16263; the number is ours',
  },
  quickMs: {
    value: 350,
    min: 1,
    max: 10_000,
    what: 'two different links within this time are `quick`',
    source: 'the number is ours',
  },
  wholeMessageLinks: {
    value: 7,
    min: 2,
    max: 100,
    what: 'so many different links that are `every-link` too are the `whole-message`',
    source: 'mautic/mautic#9798; people follow one or two, some all of a short message',
  },
  longRunLinks: {
    value: 5,
    min: 2,
    max: 100,
    what: 'so many different links in one run are a `long-run`',
    source: 'putyourlightson/craft-campaign#546 counts from five',
  },
  everyLinkPercent: {
    value: 80,
    min: 1,
    max: 100,
    what: 'such a share of the links of the message, and at least three, in one run is `every-link`',
    source: "the number is ours: a scanner may skip links, or a button's second form for Outlook",
  },
  soonMs: {
    value: 300_000,
    min: 1,
    max: 86_400_000,
    what: 'a run that begins so soon after `sentAt`, or after the message was instrumented, is `soon-after-sending`',
    source: 'putyourlightson/craft-campaign#546; warmbly/warmbly#438: the clock starts at the hand-over',
  },
  openBeforeMs: {
    value: 300_000,
    min: 1,
    max: 86_400_000,
    what: 'an open at most this long before a burst can be `with-burst`',
    source: 'putyourlightson/craft-campaign#546: a median of 33 s',
  },
} as const

/** The numbers of the rules. Each is whole; its range and default stand in the guide. */
export type RuleNumbers = { readonly [Name in keyof typeof numbers]: number }
