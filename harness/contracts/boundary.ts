/**
 * What is asked of a boundary, in place of its name: total functions over the table of boundaries. A contract, because
 * oracles, budgets and reports must mean the same by a turn, a tool call and a call of the agent's own.
 */
import { type Boundary, type BoundaryRow, boundaries, boundaryTable } from '../../faults/boundaries.js'
import type { Site } from '../../faults/site.js'

type At = Pick<Site, 'boundary'>

/** What of a call says who made it. */
interface Made {
  readonly site: At
  readonly parent: number | null
}

/** In a report that a later version wrote there may be boundaries of which nothing is known. */
const unknown: BoundaryRow = {
  actions: [],
  nested: 'perhaps',
  asksModel: false,
  runsTool: false,
  isChange: false,
  holdsChanges: false,
  remote: false,
  onlyReads: null,
  span: null,
  lane: 'site',
  example: '*',
}

function rowOf({ boundary }: At): BoundaryRow {
  return Object.hasOwn(boundaryTable, boundary) ? boundaryTable[boundary] : unknown
}

/** A model answers it, with words and tool calls. */
export function asksModel(site: At): boolean {
  return rowOf(site).asksModel
}

/** It carries out what a model may have asked for. */
export function runsTool(site: At): boolean {
  return rowOf(site).runsTool
}

/** It is in itself the request for a change in the world, whose kind is the target. */
export function isChange(site: At): boolean {
  return rowOf(site).isChange
}

/** Changes in the world may be made inside it, also once it has been answered. */
export function holdsChanges(site: At): boolean {
  return rowOf(site).holdsChanges
}

/** A connection stands between: the trace says where the caller gave up waiting. */
export function isRemote(site: At): boolean {
  return rowOf(site).remote
}

/** By its name alone it only looks something up, as a request does that is safe by RFC 9110. */
export function onlyReads(site: Site): boolean {
  return rowOf(site).onlyReads?.test(site.target) ?? false
}

/** The agent itself made the call, as far as is known; what happens inside a tool is the tool's affair. */
export function isAgentsOwn({ site, parent }: Made): boolean {
  return parent === null && rowOf(site).nested !== 'always'
}

/** Nobody but the agent itself makes such a call. */
export function isMadeByAgentAlone(site: At): boolean {
  return rowOf(site).nested === 'never'
}

/** The conventions for tracing know a span for it. */
export function hasSpan(site: At): boolean {
  return rowOf(site).span !== null
}

/** A span with this operation may be about it. */
export function isSpannedBy(site: At, operation: string): boolean {
  return rowOf(site).span?.operations.includes(operation) ?? false
}

/** The attribute by which a span with this operation says which target it calls; `undefined`: it is about no call. */
export function spanTargetOf(operation: string): string | undefined {
  const boundary = boundaries.find((each) => isSpannedBy({ boundary: each }, operation))
  return boundary && rowOf({ boundary }).span?.target
}

/** The boundaries whose sites have lanes of their own, from top to bottom. */
export const laneOrder: readonly Boundary[] = boundaries.filter((each) => boundaryTable[each].lane === 'site')

/** It is drawn among the changes in the ledger. */
export function isInLedger(site: At): boolean {
  return rowOf(site).lane === 'ledger'
}
