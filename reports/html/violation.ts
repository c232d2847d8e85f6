/** One violation: its story, the fewest faults that bring it about, the command that shows it again, and its trial. */
import type { ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'
import { quantity } from '../drawing/words.js'
import { codeOf, codeText } from '../reading/code.js'
import { alsoShown, keysIn, neededText } from '../reading/findings.js'
import type { Allowance } from './allowance.js'
import { violationAnchor } from './anchors.js'
import { baselineTrial } from './baseline.js'
import { comparison } from './compare.js'
import { type Html, html, long } from './markup.js'
import { trialViewer, type ViewedTrial } from './trial.js'

/** A command that is cut is none; one that is longer is not for pasting. */
const commandMost = 8_000

export function violationCard(scenario: ScenarioReport, violation: ViolationReport, allowance: Allowance): Html {
  const { invariant, story, signature, trial, environment, status, remedy, follows, means } = violation
  const also = alsoShown(violation)
  const code = codeOf(violation)
  const keys = keysIn(violation)
  const anchor = violationAnchor(scenario, violation)
  const expected = scenario.canary === invariant
  return html`<section class="violation ${expected ? 'expected' : 'broke'}${follows && ' follows'}" id="${anchor}" data-invariant="${invariant}">
<h4>${follows && html`<span class="fine">and so it broke</span> `}${invariant}${status !== 'confirmed' && html` <span class="tag unsure">${status}</span>`}${violation.known && html` <span class="tag unsure">known</span>`}${expected && html` <span class="tag good">caught as expected</span>`} <a class="anchor" href="#${anchor}" aria-label="Link to this violation">#</a></h4>
<p class="story">${long(story, 2_000)}</p>
${follows && html`<p class="fine">The same trial broke <a href="#${violationAnchor(scenario, follows)}">${follows.invariant}</a>, and this was seen in no trial without it.</p>`}
${remedy !== undefined && html`<p class="remedy"><b>What to do</b> ${long(remedy, 1_000)}</p>`}
<dl class="facts">
<div><dt>${trial.plan === '' ? 'faults' : quantity(violation.faults, 'fault')}</dt><dd>${trial.plan === '' ? 'none: it happens without any' : html`<code>${long(trial.plan, 2_000)}</code>`}${means.map(({ summary }) => html`<br>${summary}`)}</dd></div>
${keys.length > 0 && html`<div><dt>keys</dt><dd>${keys.map((key) => html`<code>${long(key, 500)}</code><br>`)}</dd></div>`}
${code.length > 0 && html`<div><dt>in the code</dt><dd>${code.map((place) => html`<code>${codeText(place)}</code><br>`)}</dd></div>`}
${violation.needsEach && html`<div><dt>needed</dt><dd>${neededText}</dd></div>`}
${violation.enough !== undefined && html`<div><dt>or by</dt><dd><code>${long(violation.enough, 500)}</code></dd></div>`}
${also.length > 0 && html`<div><dt>also by</dt><dd>${also.map(({ plan }) => html`<code>${long(plan, 500)}</code><br>`)}</dd></div>`}
<div><dt>found</dt><dd>${foundText(violation)}</dd></div>
<div><dt>signature</dt><dd>${signature}</dd></div>
<div class="replay"><dt>replay</dt><dd>${commandLine(environment.command)}</dd></div>
</dl>
${viewer(scenario, violation, anchor, allowance)}
</section>`
}

function foundText({ foundAfterTrials, occurrences, phase, status }: ViolationReport): string {
  const among = { search: 'the search', measure: 'the measured sample', sample: 'those at random' }[phase ?? 'search']
  const flaky = status === 'flaky' ? '; the same plan and seed did not always show it' : ''
  return `after ${quantity(foundAfterTrials, 'trial')}; ${quantity(occurrences, 'trial')} of ${among} showed it${flaky}`
}

function commandLine(command: string): Html {
  if (command.length > commandMost)
    return html`<p class="fine">The command is too long to paste; the result file has it.</p>`
  return html`<div class="command"><pre tabindex="0"><code>${long(command, commandMost)}</code></pre><button type="button" data-copy hidden>Copy</button></div>`
}

function viewer(
  scenario: ScenarioReport,
  violation: ViolationReport,
  anchor: string,
  allowance: Allowance,
): Html | false {
  const { events, evidence, environment, trial: ran } = violation
  if (events.length === 0) return false
  if (!allowance.trialsOf.has(violation)) {
    return html`<p class="fine">There is no room on this page for every trial; the command above shows this one.</p>`
  }
  const shown = { events, evidence, beside: environment, isMissed: ran.goal === false }
  const trial: ViewedTrial = { id: `${anchor}.trial`, title: 'What happened.', ...shown }
  const baseline = baselineTrial(scenario, allowance)
  const beside =
    baseline !== undefined &&
    html`<details class="beside"><summary>Side by side with the trial without faults</summary>${comparison(baseline, trial, allowance)}</details>`
  return html`${trialViewer(trial, allowance)}${beside}`
}
