/**
 * Never `display:none`: Gmail does not load such images (mautic#2316). Out of the flow and pulled back by its own size, it
 * moved nothing in any layout in Chromium, where no style added 19 px and `display:block` 1 px. `!important`, as mails often
 * style all images: `img{width:100%!important}` made 400 px of it, `*{margin:0!important}` a scroll bar. A client that
 * strips all this still shows a 1x1 image, by the attributes.
 */
const pixelStyle = [
  'position:absolute',
  'margin:-1px 0 0 -1px',
  'border:0',
  'padding:0',
  'width:1px',
  'height:1px',
  'min-width:1px',
  'min-height:1px',
]
  .map((declaration) => `${declaration}!important`)
  .join(';')

/** What stands around a pixel's URL. */
export const pixelTagStart = '<img src="'
export const pixelTagEnd: string = `" width="1" height="1" alt="" style="${pixelStyle}">`

/** What is added to a mail for one pixel. */
export const pixelTag = (url: string): string => pixelTagStart + url + pixelTagEnd
