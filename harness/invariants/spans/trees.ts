/**
 * Whether spans hang together: what a backend shows as one run of the agent must be reachable from one root. Several
 * tasks may have a root each, as long as something holds the calls of a task together.
 */
import type { Span } from './spans.js'

/** `orphaned`: a span above it never ended, and so it is in no trace. `scattered`: it stands apart from the others. */
export interface Loose {
  readonly how: 'orphaned' | 'scattered'
  readonly span: Span
}

/**
 * The first of the spans `about` calls that hangs loose among all that ended in one attempt. Where the attempt was `cutShort`
 * what stands above a span may not have come to its end.
 */
export function looseIn(about: readonly Span[], all: readonly Span[], cutShort: boolean): Loose | undefined {
  const byNumber = new Map(all.flatMap((span) => (span.event ? [[span.event.span, span] as const] : [])))
  const tops = new Map(all.map((span) => [span, topOf(span, byNumber)]))
  const topsOfCalls = about.map((span) => ({ span, top: tops.get(span) ?? span }))
  const orphan = topsOfCalls.find(({ top }) => !cutShort && isLost(top))
  if (orphan) return { how: 'orphaned', span: orphan.span }
  if (new Set(topsOfCalls.map(({ top }) => treeOf(top))).size <= 1) return undefined
  const agents = new Set(all.flatMap((span) => (span.about === 'agent' ? [treeOf(tops.get(span) ?? span)] : [])))
  const apart = topsOfCalls.find(({ top }) => {
    // What stands above a lost one is not known.
    if (isLost(top)) return false
    return top.about === 'call' || (agents.size > 0 && !agents.has(treeOf(top)))
  })
  return apart && { how: 'scattered', span: apart.span }
}

/** The highest span above it that ended. */
function topOf(span: Span, byNumber: ReadonlyMap<number, Span>): Span {
  let top = span
  for (;;) {
    const parent = top.event?.parent
    const above = typeof parent === 'number' ? byNumber.get(parent) : undefined
    if (!above) return top
    top = above
  }
}

/** Whether a span above it never ended. */
function isLost({ event }: Span): boolean {
  return typeof event?.parent === 'number'
}

/** What tells one tree from another: the root, or the trace where the root is not known. */
function treeOf(top: Span): string {
  return isLost(top) ? `trace ${top.event?.trace}` : `span ${top.event?.span}`
}
