/** Which violations of a scenario are new, fixed and persisting: those of one invariant and signature are one bug. */
import type { ComparedViolation, ScenarioComparison } from '../contracts/report/comparison.js'
import type { ScenarioReport, ViolationReport } from '../contracts/report/report.js'
import { findingKey } from '../search/findings.js'

/** Of a scenario that is on one side alone the other is `undefined`. */
export function compareViolations(
  base: ScenarioReport | undefined,
  head: ScenarioReport | undefined,
): ScenarioComparison['violations'] {
  const [before, after] = [countedViolations(base), countedViolations(head)]
  const [known, found] = [keysOf(before), keysOf(after)]
  return {
    new: after.filter((violation) => !known.has(keyOf(violation))).map(asCompared),
    fixed: before
      .filter((violation) => !found.has(keyOf(violation)) && head !== undefined && hasLookedFor(violation, head))
      .map(asCompared),
    persisting: after.filter((violation) => known.has(keyOf(violation))).map(asCompared),
  }
}

/** Those of a canary are what it is there for. */
function countedViolations(scenario: ScenarioReport | undefined): readonly ViolationReport[] {
  return scenario === undefined || scenario.canary !== null ? [] : scenario.violations
}

/** What was not looked for is not fixed. */
function hasLookedFor({ phase }: ViolationReport, { verdict, canary, measure }: ScenarioReport): boolean {
  if (verdict === 'broken' || verdict === 'misconfigured' || canary !== null) return false
  return phase !== 'measure' || (measure !== null && measure.trials > 0)
}

function keyOf({ invariant, signature }: ViolationReport): string {
  return findingKey(invariant, signature)
}

function keysOf(violations: readonly ViolationReport[]): ReadonlySet<string> {
  return new Set(violations.map(keyOf))
}

function asCompared({ invariant, signature, story, status, trial, environment }: ViolationReport): ComparedViolation {
  return { invariant, signature, story, status, plan: trial.plan, environment: { command: environment.command } }
}
