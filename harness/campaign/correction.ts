/**
 * The gates of a run, looked at together. Twenty of them, each of which is missed wrongly with a chance of 5 %,
 * would fail a good run in two of three cases. By Holm's procedure the chance is 5 % for all of them. It comes last, for it
 * takes all p-values; a run with one gate stays as it is.
 */

import type { MeasureReport } from '../contracts/report/measure-report.js'
import type { ScenarioReport } from '../contracts/report/report.js'
import { type Held, holm } from '../measure/holm.js'
import { risks } from '../measure/question.js'
import { conclude } from './conclusion.js'

/** The same scenarios, with the verdicts that hold among all of them. */
export function correctGates(scenarios: readonly ScenarioReport[]): ScenarioReport[] {
  const judged = scenarios.filter(({ measure }) => measure?.gate.pValue != null)
  const held = holm(
    judged.map(({ measure }) => measure?.gate.pValue ?? 1),
    risks.alpha,
  )
  return scenarios.map((scenario) => {
    const own = held[judged.indexOf(scenario)]
    return own === undefined || judged.length < 2 ? scenario : withHeld(scenario, own, judged.length)
  })
}

function withHeld(scenario: ScenarioReport, held: Held, gates: number): ScenarioReport {
  const { measure, searched, violations } = scenario
  const gate = measure && gateHeld(measure, held, gates)
  if (!measure || !searched || !gate) return scenario
  const changed = { ...measure, gate }
  return { ...scenario, ...conclude(searched, changed, violations), measure: changed }
}

/** Nothing where the verdict stays. */
function gateHeld({ gate, trials, successes, reliability }: MeasureReport, held: Held, gates: number) {
  const isMoved = gate.verdict === 'missed' ? !held.rejected : gate.verdict === 'not-shown' && held.rejected
  if (!isMoved) return undefined
  const chance = `an agent of ${reliability.target} does so badly with a chance of ${figure(gate.pValue ?? 1)}`
  const asked = `among the ${gates} gates of this run, Holm's procedure asks for ${figure(held.level)}`
  return {
    ...gate,
    alpha: held.level,
    verdict: held.rejected ? ('missed' as const) : ('not-shown' as const),
    because: `${successes} of ${trials} trials succeeded: ${chance}, and ${asked}`,
  }
}

function figure(value: number): number {
  return Number(value.toPrecision(2))
}
