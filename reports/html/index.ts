/** The report as one page for people: it opens offline, from a file, and holds all that it needs. */
import type { Report, ScenarioReport } from '../../harness/report.js'
import { allowanceFor } from './allowance.js'
import { html as markup } from './markup.js'
import { overview } from './overview.js'
import { page } from './page.js'
import { scenarioSection } from './scenario.js'
import { summary, titles } from './summary.js'

/** Scenarios that passed are folded away where there are more than these. */
const openMost = 3

/** A document for a browser; the same report gives the same bytes. */
export function html(report: Report): string {
  const allowance = allowanceFor(report)
  const few = report.scenarios.length <= openMost
  const isOpen = ({ verdict }: ScenarioReport) => few || verdict !== 'passed'
  const content = markup`${summary(report)}
<main id="content">
${overview(report)}
${report.scenarios.map((scenario) => scenarioSection(scenario, { allowance, isOpen: isOpen(scenario) }))}
</main>`
  return page(`${titles[report.verdict]} – agent-chaos`, content)
}
