/** How verdicts look: a class for their colour, and an icon with it for those who see no colours. */
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { type Html, html } from './markup.js'

type AnyVerdict = ScenarioReport['verdict'] | Report['verdict']
type Look = 'good' | 'bad' | 'unsure'

export function lookOf(verdict: AnyVerdict): Look {
  switch (verdict) {
    case 'passed':
      return 'good'
    case 'violated':
    case 'broken':
    case 'misconfigured':
    case 'error':
      return 'bad'
    case 'inconclusive':
    case 'interrupted':
    // Of a shard: what it comes to shows when the shards are merged.
    case 'pending':
      return 'unsure'
  }
}

const shapes: Readonly<Record<Look, string>> = {
  good: 'M4.5 8.5l2.5 2.5 4.5-5.5',
  bad: 'M5 5l6 6m0-6l-6 6',
  unsure: 'M6 6.2a2 2 0 1 1 2.6 1.9q-.6.2-.6 1.1M8 11.6v.2',
}

export function verdictIcon(verdict: AnyVerdict): Html {
  const look = lookOf(verdict)
  return html`<svg class="icon ${look}" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="8"/><path d="${shapes[look]}"/></svg>`
}
