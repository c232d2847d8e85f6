/** The report as one page for people: it opens offline, from a file, and holds all that it needs. */
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { type Allowance, allowances, bytesMost } from './allowance.js'
import { arrange } from './arrangement.js'
import { bound } from './bound.js'
import { html as markup } from './markup.js'
import { overview } from './overview.js'
import { page } from './page.js'
import { scenarioSection } from './scenario.js'
import { summary, titleOf } from './summary.js'

/** Scenarios that passed are folded away where there are more than these. */
const openMost = 3

/** A document for a browser; the same report gives the same bytes. */
export function html(report: Report): string {
  const shown = bound(report)
  let text = ''
  for (const allowance of allowances(shown)) {
    text = pageOf(shown, allowance)
    if (Buffer.byteLength(text) <= bytesMost(report)) break
  }
  return text
}

function pageOf(report: Report, allowance: Allowance): string {
  const few = report.scenarios.length <= openMost
  const { scenarios, canaries } = arrange(report.scenarios)
  const isOpen = ({ verdict }: ScenarioReport) => few || verdict !== 'passed'
  const content = markup`${summary(report)}
<main id="content">
${overview(report)}
${[...scenarios, ...canaries].map((scenario) => scenarioSection(scenario, { allowance, isOpen: isOpen(scenario) }))}
</main>`
  return page(`${titleOf(report)} – agent-chaos`, content)
}
