// Small mails whose layout would betray a pixel that takes up room, each in its own way.

const picture =
  '<img width="120" height="60" alt="" src="data:image/svg+xml,' +
  "%3Csvg xmlns='http://www.w3.org/2000/svg' width='120' height='60'%3E%3Cpath fill='%237a3b1d' d='M0 0h120v60H0z'/%3E%3C/svg%3E\">"
const words = 'Huila is back, a Saturday of cupping, and why your grinder matters more than your kettle.'
const html = (attributes: string, content: string, head = ''): string =>
  `<html><head><title>Layout</title><style>${head}</style></head><body ${attributes}>${content}</body></html>`
const standards = (attributes: string, content: string, head = ''): string =>
  `<!doctype html>${html(attributes, content, head)}`

const cells = `<table cellpadding="0" cellspacing="0" bgcolor="#efe4d6"><tr><td>${picture}</td></tr><tr><td>${words}`

const styled = (css: string): string => standards('style="margin:0"', `<p>${words}</p><div>${picture}</div>`, css)

export const layouts: Readonly<Record<string, string>> = {
  'standards mode': standards('', `<h1>${words}</h1><p>${words}</p>`),
  'quirks mode': html('', `<h1>${words}</h1><p>${words}</p>`),
  'an open table cell in standards mode': standards('', cells),
  'an open table cell in quirks mode': html('', cells),
  'an open cell that holds only an image': html('', `<table border="1" width="100%"><tr><td align="center">${picture}`),
  flex: standards(
    '',
    `<div>${picture}</div><p>${words}</p>`,
    'body{display:flex;gap:20px;justify-content:space-between}',
  ),
  'a flex column as high as the screen': standards(
    '',
    `<div>${picture}</div><p>${words}</p>`,
    'html,body{height:100%}body{display:flex;flex-direction:column;justify-content:center;align-items:center;margin:0}',
  ),
  grid: standards(
    '',
    `<div>${picture}</div><p>${words}</p>`,
    'body{display:grid;grid-template-columns:1fr 1fr;gap:9px}',
  ),
  centered: html('', `<center>${picture}<br>${words}`),
  'centered text': standards('style="text-align:center"', `${words} ${picture}`),
  'right to left': standards('dir="rtl"', `<p>${words}</p>שלום עולם ${picture}`),
  'right to left without a margin': standards('dir="rtl" style="margin:0"', `<div>${picture}</div>שלום עולם`),
  'a body without a margin': standards('style="margin:0"', `<div style="background:#efe4d6">${words}</div>`),
  'a body without a margin, in quirks mode': html('style="margin:0"', `<div style="background:#efe4d6">${words}</div>`),
  'text at the end': standards('', `<p>${words}</p>${words}`),
  'an image at the end': standards('', `<p>${words}</p>${picture}`),
  'an image as a block at the end': standards('style="margin:0"', picture, 'img{display:block}'),
  background: standards(
    `bgcolor="#efe4d6"`,
    `<div style="float:left">${picture}</div>${words}`,
    'html{background:#9a4a20}',
  ),
  'a body as high as the screen': standards('style="margin:0;height:100vh;background:#efe4d6"', words),
  'fluid images': styled('img{width:100%!important;height:auto!important}'),
  'images of a least size': styled('img{min-width:100px;min-height:100px}'),
  'padded images': styled('img{padding:10px}'),
  'images with margins': styled('img{margin:10px 0!important}'),
  'a reset of all margins': styled('*{margin:0!important}'),
  'everything relative': styled('*{position:relative!important}'),
  'no tags but a paragraph': `<p>${words}`,
  'nothing but text': words,
}
