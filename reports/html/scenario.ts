/** One scenario: its verdict and why, and below it whatever the run has to show for it. */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import { quantity, verdictWords } from '../drawing/words.js'
import { baselineFacts } from '../reading/baseline.js'
import type { Allowance } from './allowance.js'
import { scenarioAnchor } from './anchors.js'
import { baselineTrial } from './baseline.js'
import { heatMaps } from './heatmap.js'
import { invariantTable } from './invariants.js'
import { verdictIcon } from './looks.js'
import { type Html, html, long } from './markup.js'
import { reliability } from './reliability.js'
import { trialViewer } from './trial.js'
import { violationCard } from './violation.js'

export interface ShownScenario {
  readonly allowance: Allowance
  readonly isOpen: boolean
}

export function scenarioSection(scenario: ScenarioReport, { allowance, isOpen }: ShownScenario): Html {
  const { name, verdict, because, environment, violations, canary } = scenario
  const anchor = scenarioAnchor(scenario)
  const baseline = baselineTrial(scenario, allowance)
  const facts = baselineFacts(scenario)
  return html`<article class="scenario" id="${anchor}" data-name="${name}" data-verdict="${verdict}" data-kind="${canary === null ? 'scenario' : 'canary'}">
<details${isOpen && html` open`}><summary><h3>${verdictIcon(verdict)} ${name}</h3> <span class="words">${verdictWords(scenario)}</span></summary>
<div class="body">
${because !== verdictWords(scenario) && html`<p class="because">${long(because, 2_000)}</p>`}
${facts.length > 0 && html`<pre class="facts">${facts.join('\n')}</pre>`}
<p class="fine">${trialsText(scenario)} · ${environment.file}<span class="on-screen"> · </span><a class="anchor" href="#${anchor}">link</a></p>
${part('Violations', violations.length > 0 && html`${violations.map((violation) => violationCard(scenario, violation, allowance))}`)}
${part('Reliability', scenario.measure !== null && reliability(scenario.measure, anchor, because))}
<div class="pair">${part('Invariants', scenario.invariants.length > 0 && invariantTable(scenario.invariants))}
${part('Fault coverage', heatMaps(scenario))}</div>
${part('The trial without faults', baseline !== undefined && trialViewer(baseline, allowance))}
${part('Notes', scenario.notes.length > 0 && html`<ul>${scenario.notes.map((note) => html`<li>${note}</li>`)}</ul>`)}
</div></details></article>`
}

function part(title: string, content: Html | null | false): Html | false {
  return content ? html`<section class="part"><h4 class="part-title">${title}</h4>${content}</section>` : false
}

function trialsText({ search, measure }: ScenarioReport): string {
  const { run, landed, skipped } = search
  return [
    `${quantity(run, 'trial')} searched, ${landed} of them struck by a fault`,
    ...(measure === null ? [] : [`${measure.trials} measured`]),
    ...(skipped > 0 ? [`${skipped} left out`] : []),
  ].join(' · ')
}
