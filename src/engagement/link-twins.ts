/** What is read of a link outcome of `instrumentEmail`: `instrumented.links` fits. */
export interface EngagementLink {
  readonly index: number
  /** Default: `html`. */
  readonly part?: 'html' | 'text' | undefined
  /** The element the link is on, as `a` or `v:roundrect`. */
  readonly element?: string | undefined
  readonly name?: string | null | undefined
  /** Where it leads; absent for a link that is not tracked, which is then left out. */
  readonly destination?: string | undefined
}

/**
 * For each link, the link that its clicks count for: itself, or the button whose form for Outlook it is. Senders write a
 * button twice, as VML (`v:roundrect`) in a conditional comment and as `a` beside it, and a mail program shows one of the
 * two.
 */
export function twinsOf<Link extends EngagementLink>(links: readonly Link[]): Map<Link, Link> {
  const sorted = [...links].sort((a, b) => a.index - b.index)
  const counted = new Map(links.map((link) => [link, link]))
  const taken = new Set<Link>()
  for (const [position, vml] of sorted.entries()) {
    if (!vml.element?.startsWith('v:')) continue
    const button = [sorted[position + 1], sorted[position - 1]].find(
      (other) => other !== undefined && !taken.has(other) && isButtonOf(vml, other),
    )
    if (button === undefined) continue
    counted.set(vml, button)
    taken.add(button)
  }
  return counted
}

const isButtonOf = (vml: EngagementLink, other: EngagementLink): boolean =>
  other.element === 'a' && Math.abs(other.index - vml.index) === 1 && other.destination === vml.destination
