/**
 * The map of a search: every fault at every site where it fits, and in each phase of the crossing that it can choose. A cell
 * that no trial tried stands on it too, for what was not tried is what a reader cannot see otherwise.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { FaultUse, Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import { compareByCodeUnit } from '../contracts/order.js'
import type { CoverageRow } from '../contracts/report/report.js'
import { siteName } from '../contracts/trace.js'
import { aimOnce, bySite, fitting } from './singles.js'

export type MapCell = Pick<CoverageRow, 'site' | 'fault' | 'phase'>
type Counts = Pick<CoverageRow, 'planned' | 'reached' | 'masked' | 'landed'>

/** Where one fault of a plan is aimed. */
export function cellOf(site: string, { fault, params }: FaultUse, faults: readonly FaultDescription[]): MapCell {
  const phase = faults.find(({ name }) => name === fault)?.params.phase
  if (phase?.kind !== 'choice') return { site, fault }
  return { site, fault, phase: String(params.phase ?? phase.default) }
}

export function cellKey({ site, fault, phase = '' }: MapCell): string {
  return `${site} ${fault} ${phase}`
}

/** Every cell that can be struck at these points by a wanted plan. */
export function cellsAt(
  points: readonly Reachable[],
  faults: readonly FaultDescription[],
  isWanted: (plan: Plan) => boolean,
): MapCell[] {
  const cells = [...bySite(points).values()].flatMap((those) =>
    those.flatMap((point) =>
      fitting(point, faults).flatMap((fault) => {
        const site = siteName(point.address.site)
        const uses = phasesOf(fault).map((params) => aimOnce(point, fault, params))
        return uses.filter((use) => isWanted([use])).map(({ faults: [use] }) => cellOf(site, use, faults))
      }),
    ),
  )
  return [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()]
}

function phasesOf({ params: { phase } }: FaultDescription) {
  return phase?.kind === 'choice' ? phase.values.map((value) => ({ phase: value })) : [{}]
}

export function coverageRow(cell: MapCell, counts: Counts): CoverageRow {
  return { ...cell, ...counts, state: stateOf(counts) }
}

/** The furthest that any trial came there. */
function stateOf({ planned, reached, masked, landed }: Counts): CoverageRow['state'] {
  if (landed > 0) return 'struck'
  if (reached > masked) return 'reached'
  if (masked > 0) return 'masked'
  return planned > 0 ? 'never-reached' : 'not-tried'
}

export const nothing: Counts = { planned: 0, reached: 0, masked: 0, landed: 0 }

/** Rows by site, then by fault and phase. Of one cell they add up. */
export function joinCells(rows: readonly CoverageRow[]): CoverageRow[] {
  const sums = new Map<string, CoverageRow>()
  for (const row of rows) {
    const { planned, reached, masked, landed } = sums.get(cellKey(row)) ?? nothing
    const { site, fault, phase } = row
    const counts = {
      planned: planned + row.planned,
      reached: reached + row.reached,
      masked: masked + row.masked,
      landed: landed + row.landed,
    }
    sums.set(cellKey(row), coverageRow({ site, fault, ...(phase !== undefined && { phase }) }, counts))
  }
  return [...sums.values()].sort(
    (a, b) =>
      compareByCodeUnit(a.site, b.site) ||
      compareByCodeUnit(a.fault, b.fault) ||
      compareByCodeUnit(a.phase ?? '', b.phase ?? ''),
  )
}

/** How many cells of a map were struck; faults of nobody's asking stand on none. */
export function shareStruck(rows: readonly CoverageRow[]): { readonly struck: number; readonly cells: number } {
  return { struck: rows.filter(({ state }) => state === 'struck').length, cells: rows.length }
}
