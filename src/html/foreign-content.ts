// What is open inside svg or math, as far as a flat scan can know it. Where it cannot, it says so.
// https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign

/** The open elements of one svg or math element, outermost first. */
export interface ForeignContent {
  readonly integrationPoints: ReadonlySet<string>
  readonly open: string[]
}

/**
 * What a tag does to foreign content: it stays open, it ends, or the tag is `unknown`: its meaning depends on the whole tree.
 * An end tag that names nothing inside may close an HTML element outside (`<b><svg></b>`), or nothing. What begins in an
 * integration point is HTML again, inside foreign content.
 */
export type ForeignStep = 'open' | 'left' | 'unknown'

const svgIntegrationPoints = new Set(['desc', 'foreignobject', 'title'])
const mathIntegrationPoints = new Set(['annotation-xml', 'mi', 'mn', 'mo', 'ms', 'mtext'])

const breakout = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta ' +
    'nobr ol p pre ruby s small span strong strike sub sup table tt u ul var'
  ).split(' '),
)

export function enterForeignContent(root: string): ForeignContent {
  return { integrationPoints: root === 'svg' ? svgIntegrationPoints : mathIntegrationPoints, open: [root] }
}

export function isAtIntegrationPoint(content: ForeignContent): boolean {
  return content.integrationPoints.has(content.open.at(-1)!)
}

/** `font` breaks out only with an attribute that is about text. */
export function startTagInForeignContent(
  content: ForeignContent,
  name: string,
  selfClosing: boolean,
  hasFontAttribute: boolean,
): ForeignStep {
  if (isAtIntegrationPoint(content)) return 'unknown'
  if (breakout.has(name) || (name === 'font' && hasFontAttribute)) return 'left'
  if (!selfClosing) content.open.push(name)
  return 'open'
}

export function endTagInForeignContent(content: ForeignContent, name: string): ForeignStep {
  if (name === 'p' || name === 'br') return isAtIntegrationPoint(content) ? 'unknown' : 'left'
  const at = content.open.lastIndexOf(name)
  if (at === -1) return 'unknown'
  content.open.length = at
  return at === 0 ? 'left' : 'open'
}
