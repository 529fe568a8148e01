// What strangers put into mail so that it runs, loads or leads somewhere. Shown by the report of `inspect --html`, and by the console.

/** What must never be asked. */
export const evil = 'https://evil.example/x'
/** Whose page runs it has another title. */
const script = "top.document.title='broken';document.title='broken'"

export const hostileEmails: [what: string, html: string][] = [
  ['an image', `<img src="${evil}">`],
  ['an image set', `<img srcset="${evil} 2x"><picture><source srcset="${evil}"><img></picture>`],
  ['a background', `<body background="${evil}"><p style="background:url(${evil});list-style:url(${evil})">x`],
  ['a style sheet', `<link rel="stylesheet" href="${evil}"><style>@import "${evil}";</style>`],
  ['a font', `<style>@font-face{font-family:f;src:url(${evil})}p{font-family:f}</style><p>x`],
  ['a connection ahead of need', `<link rel="preconnect" href="${evil}"><link rel=dns-prefetch href="${evil}">`],
  ['a load ahead of need', `<link rel=preload as=image href="${evil}"><link rel=prefetch href="${evil}">`],
  ['a page behind the next', `<link rel=prerender href="${evil}"><link rel=icon href="${evil}">`],
  ['a redirect', `<meta http-equiv="refresh" content="0;url=${evil}">`],
  ['a policy of its own', `<meta http-equiv="Content-Security-Policy" content="img-src *"><img src="${evil}">`],
  ['a base', `<base href="https://evil.example/" target="_top"><img src="y">`],
  ['a frame', `<iframe src="${evil}"></iframe><object data="${evil}"></object><embed src="${evil}">`],
  ['a frame within', `<iframe srcdoc="<img src='${evil}'><script>${script}</script>"></iframe>`],
  ['a frameset', `<frameset><frame src="${evil}"></frameset>`],
  ['a film', `<video autoplay poster="${evil}" src="${evil}"></video><audio autoplay src="${evil}"></audio>`],
  ['an SVG', `<svg><image href="${evil}"/><use href="${evil}#a"/><script href="${evil}"/></svg>`],
  ['a script', `<script>${script}</script><script src="${evil}"></script><img src=x onerror="${script}">`],
  ['a form', `<form action="${evil}"><input autofocus onfocus="${script}"><button id=b>x</button></form>`],
  ['a way out of the frame', `"></iframe><script>${script}</script><img src="${evil}"><iframe srcdoc="`],
  ['a way out of a comment', `<!--[if mso]><a href="${evil}"><![endif]--><img src="${evil}">`],
]

export const hostileLinks: [what: string, html: string][] = [
  ['a link', `<a id=x href="${evil}">x</a>`],
  ['a link to its own frame', `<a id=x target="_self" href="${evil}">x</a>`],
  ['a link to the whole page', `<a id=x target="_top" href="${evil}">x</a>`],
  ['a link that is a script', `<a id=x href="javascript:${script}">x</a>`],
  ['a button', `<form action="${evil}"><button id=x>x</button></form>`],
]
