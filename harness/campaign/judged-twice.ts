/** What a report tells of trials that were judged twice, and that a scenario whose judgements differ does not pass. */
import { type JudgedDifference, type JudgedTwice, joinJudged } from '../contracts/report/judged-twice.js'
import type { ScenarioReport } from '../contracts/report/report.js'

type Judged = Pick<ScenarioReport, 'canary' | 'verdict' | 'because' | 'notes'>

/** A canary is there to be caught: once it was, a difference is a note. */
export function withJudged<Found extends Judged>(found: Found, judged: JudgedTwice | undefined): Found {
  if (!judged) return found
  const [first] = judged.differences
  const notes = [...found.notes, ...judgedNotes(judged)]
  if (!first || found.verdict !== 'passed' || found.canary !== null) return { ...found, notes }
  return { ...found, verdict: 'inconclusive', because: differenceText(first), notes }
}

/** A scenario does not pass where two machines did not agree on one trial, a canary neither: what else they ran is in doubt. */
export function withDisagreements<Found extends Judged>(found: Found, disagreements: readonly string[]): Found {
  const [first] = disagreements
  if (first === undefined) return found
  const notes = [...found.notes, ...disagreements]
  return found.verdict === 'passed' ? { ...found, verdict: 'inconclusive', because: first, notes } : { ...found, notes }
}

/** Of the parts of a run, where any of them tells. */
export function joinedJudged(parts: readonly ScenarioReport[]): JudgedTwice | undefined {
  const judged = parts.flatMap(({ environment }) => environment.judgedTwice ?? [])
  return judged.length === 0 ? undefined : joinJudged(judged)
}

export function judgedNotes({ differences, leftOut, unanswered }: JudgedTwice): string[] {
  return [
    ...differences.map(differenceText),
    ...(leftOut.length > 0
      ? [`judged once only, for they go by a state that is no plain data: ${leftOut.join(', ')}`]
      : []),
    ...(unanswered > 0
      ? [`${unanswered} trials could not be judged again: the process that judges ended over them`]
      : []),
  ]
}

function differenceText({ invariant, said, again, counted, plan, changed }: JudgedDifference): string {
  const under = plan === '' ? 'without faults' : `under "${plan}"`
  return (
    `${invariant}: ${under}, it was ${said} where the agent ran, and ${again} by the same trace where it never did; ` +
    `${counted} counts. ${causeOf(changed)}`
  )
}

function causeOf(changed: readonly string[]): string {
  return changed.length > 0
    ? `The agent changed ${changed.join(', ')}`
    : 'Either the check goes by more than trace and state, or the agent changed what judgements are made with'
}
