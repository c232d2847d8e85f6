/** What each invariant came to, and in how many trials it was put to the test. */
import type { InvariantRow } from '../../harness/contracts/report/report.js'
import { type Html, html } from './markup.js'

const looks: Readonly<Record<InvariantRow['verdict'], string>> = {
  held: 'good',
  violated: 'bad',
  'not-tested': 'untested',
  inconclusive: 'unsure',
}

export function invariantTable(rows: readonly InvariantRow[]): Html {
  return html`<div class="scroll" role="region" aria-label="Invariants" tabindex="0"><table class="invariants">
<thead><tr><th scope="col">invariant</th><th scope="col">verdict</th><th scope="col" class="figure">held</th><th scope="col" class="figure">violated</th><th scope="col" class="figure">untested</th></tr></thead>
<tbody>${rows.map(rowOf)}</tbody></table></div>`
}

function rowOf({ name, kind, verdict, trials, because }: InvariantRow): Html {
  return html`<tr><th scope="row">${name} <span class="fine">${kind}</span></th><td class="${looks[verdict]}">${verdict.replace('-', ' ')}${because !== undefined && html`<span class="fine">: ${because}</span>`}</td><td class="figure">${trials.held}</td><td class="figure">${trials.violated}</td><td class="figure">${trials.vacuous}</td></tr>`
}
