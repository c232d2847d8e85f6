/**
 * The fault coverage as heat maps, one for each boundary. They have sites across, faults down, and in each cell in how
 * many trials the fault took effect there. A cell that a violation's minimal plan struck leads to it.
 */
import type { CoverageRow, ScenarioReport } from '../../harness/contracts/report/report.js'
import { quantity } from '../drawing/words.js'
import { cellName, leftOutLines, mapText, newBehaviourText } from '../reading/map.js'
import { violationAnchor } from './anchors.js'
import { type Html, html } from './markup.js'

interface Matrix {
  readonly boundary: string
  readonly sites: readonly string[]
  readonly faults: readonly string[]
  readonly rows: ReadonlyMap<string, CoverageRow>
}

/** `null` where there is no map. */
export function heatMaps(scenario: ScenarioReport): Html | null {
  if (scenario.coverage.length === 0) return null
  const broken = violationsByCell(scenario)
  const [news, left] = [newBehaviourText(scenario.search), leftOutLines(scenario)]
  return html`<div class="heat">
<p class="fine">${mapText(scenario.coverage)}.${news !== '' && html` ${news[0]?.toUpperCase()}${news.slice(1)}.`}</p>
<div class="maps">${matrices(scenario.coverage).map((matrix) => heatMap(matrix, broken))}</div>
<ul class="legend"><li><span class="key cell landed-3"></span>took effect, darker: in more trials</li><li><span class="key cell reached"></span>0: reached, and nothing to take hold of</li><li><span class="key cell reached"></span>m: masked by an earlier fault</li><li><span class="key cell missed"></span>–: planned, never reached</li><li><span class="key cell missed"></span>?: fits, and not tried</li><li><span class="key cell unplanned"></span>does not fit</li></ul>
${left.length > 0 && html`<p class="fine">Left out:</p><ul class="fine">${left.map((line) => html`<li>${line}</li>`)}</ul>`}
</div>`
}

function matrices(coverage: readonly CoverageRow[]): Matrix[] {
  const boundaries = unique(coverage.map(({ site }) => boundaryOf(site)))
  return boundaries.map((boundary) => {
    const own = coverage.filter(({ site }) => boundaryOf(site) === boundary)
    return {
      boundary,
      sites: unique(own.map(({ site }) => site)),
      faults: unique(own.map(cellName)).sort(),
      rows: new Map(own.map((row) => [cellKey(row.site, cellName(row)), row])),
    }
  })
}

function heatMap({ boundary, sites, faults, rows }: Matrix, broken: ReadonlyMap<string, string>): Html {
  return html`<div class="scroll" role="region" aria-label="Coverage of ${boundary}" tabindex="0"><table class="map">
<caption>${boundary}</caption>
<thead><tr><td></td>${sites.map(
    (site) => html`<th scope="col"><span title="${site}">${targetOf(site)}</span></th>`,
  )}</tr></thead>
<tbody>${faults.map(
    (fault) =>
      html`<tr><th scope="row">${shortName(fault, boundary)}</th>${sites.map((site) => {
        const key = cellKey(site, fault)
        const row = rows.get(key)
        return cell(row, row?.state === 'struck' ? broken.get(cellKey(site, row.fault)) : undefined)
      })}</tr>`,
  )}</tbody></table></div>`
}

function cell(row: CoverageRow | undefined, violation: string | undefined): Html {
  if (row === undefined) return html`<td class="cell unplanned"><span class="hidden">does not fit</span></td>`
  const { site, planned, reached, landed } = row
  const tooltip = `${cellName(row)} at ${site}: planned in ${quantity(planned, 'trial')}, reached in ${reached}, took effect in ${landed}`
  const figure = figureOf(row)
  const shown =
    violation === undefined
      ? figure
      : html`<a href="#${violation}" title="${tooltip}; a violation needs no more than this">${figure}<span class="hidden">, broke something</span></a>`
  return html`<td class="cell ${heatOf(row)}${violation !== undefined && ' broke'}" title="${tooltip}">${shown}</td>`
}

function figureOf({ state, landed }: CoverageRow): string {
  return { struck: String(landed), reached: '0', masked: 'm', 'never-reached': '–', 'not-tried': '?' }[state]
}

function heatOf({ reached, landed }: CoverageRow): string {
  if (landed === 0) return reached > 0 ? 'reached' : 'missed'
  return `landed-${Math.min(4, 1 + Math.floor(Math.log2(landed) / 1.5))}`
}

/** Which cells the minimal plans struck, and what to look at. */
function violationsByCell(scenario: ScenarioReport): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  for (const violation of scenario.violations) {
    const sites = new Map<number, string>()
    for (const event of violation.events) {
      if (event.kind === 'call') sites.set(event.crossing, `${event.site.boundary}:${event.site.target}`)
      if (event.kind !== 'fault') continue
      const key = cellKey(sites.get(event.crossing) ?? '', event.fault)
      if (!cells.has(key)) cells.set(key, violationAnchor(scenario, violation))
    }
  }
  return cells
}

function cellKey(site: string, fault: string): string {
  return JSON.stringify([site, fault])
}

function boundaryOf(site: string): string {
  return site.slice(0, Math.max(0, site.indexOf(':')))
}

function targetOf(site: string): string {
  return site.slice(site.indexOf(':') + 1)
}

/** Most faults are of the boundary that they are shown under. */
function shortName(fault: string, boundary: string): string {
  return fault.startsWith(`${boundary}/`) ? fault.slice(boundary.length + 1) : fault
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
