/** Seeded simulation of agents with a known chance of success, without trials: what a gate and an interval see of them. */

import { stream } from '../../../harness/contracts/stream.js'
import { evidenceOf, stepsOf, type Thresholds } from '../../../harness/measure/likelihood.js'
import { evidenceAbove, evidenceBelow } from '../../../harness/measure/mixture.js'
import type { Question } from '../../../harness/measure/question.js'
import { atStart, endOf, type LeastEvidence, rulesOf, step, type Walk } from '../../../harness/measure/sequential.js'

/** The four pairs of an aim and a least that gates are held to, with the trials that a fixed number takes. */
export const questions = [
  [0.99, 0.95, 181],
  [0.95, 0.85, 93],
  [0.98, 0.9, 89],
  [0.999, 0.99, 628],
] as const

/** Successes and failures of an agent with that chance. */
export function agentOf(chance: number, label: string): () => boolean {
  const draw = stream(1, label)
  return () => draw() < chance
}

export interface Gated {
  readonly met: number
  readonly missed: number
  readonly notShown: number
  readonly ruledOut: number
  readonly trialsMean: number
  /** How each of the runs ended. */
  readonly walks: readonly Walk[]
}

/** The evidence about that least, calculated once for equal counts, however many walks come to them. */
function evidenceWeighedOnce(least: number): LeastEvidence {
  return { above: once(evidenceAbove), below: once(evidenceBelow) }

  function once(evidence: typeof evidenceAbove): typeof evidenceAbove {
    const known: number[][] = []
    return (_, successes, failures) => {
      known[failures] ??= []
      const bySuccesses = known[failures]
      bySuccesses[successes] ??= evidence(least, successes, failures)
      return bySuccesses[successes]
    }
  }
}

/** Many runs of a sequential gate on one agent, one of `gates` in each. */
export function simulateGate(
  question: Question,
  succeeds: () => boolean,
  { runs, trialsMax, gates = 1 }: { readonly runs: number; readonly trialsMax: number; readonly gates?: number },
): Gated {
  const rules = rulesOf(question, gates)
  const evidence = evidenceWeighedOnce(question.reliability)
  const walks = Array.from({ length: runs }, () => {
    let walk = atStart
    while (endOf(rules, walk) === 'open' && walk.successes + walk.failures < trialsMax) {
      walk = step(rules, walk, succeeds(), evidence)
    }
    return walk
  })
  const share = (isSo: (walk: Walk) => boolean) => walks.filter(isSo).length / runs
  return {
    met: share((walk) => endOf(rules, walk) === 'met'),
    missed: share((walk) => endOf(rules, walk) === 'missed'),
    notShown: share((walk) => endOf(rules, walk) === 'open'),
    ruledOut: share(({ ruledOut }) => ruledOut !== null),
    trialsMean: walks.reduce((sum, { successes, failures }) => sum + successes + failures, 0) / runs,
    walks,
  }
}

export interface Crossings {
  readonly meets: number
  readonly rulesOut: number
  readonly undecided: number
  readonly trialsMean: number
}

/** Many walks between the two thresholds of aim and least. */
export function simulateCrossing(
  question: Question,
  thresholds: Thresholds,
  succeeds: () => boolean,
  { runs, trialsMax = Number.POSITIVE_INFINITY }: { readonly runs: number; readonly trialsMax?: number },
): Crossings {
  const steps = stepsOf(question)
  const ends = { meets: 0, rulesOut: 0, undecided: 0 }
  let trials = 0
  for (let run = 0; run < runs; run++) {
    let [successes, failures] = [0, 0]
    const evidence = () => evidenceOf(steps, successes, failures)
    const isOpen = () => evidence() < thresholds.rulesOut && evidence() > thresholds.meets
    while (isOpen() && successes + failures < trialsMax) {
      if (succeeds()) successes++
      else failures++
    }
    trials += successes + failures
    ends[isOpen() ? 'undecided' : evidence() >= thresholds.rulesOut ? 'rulesOut' : 'meets']++
  }
  return {
    meets: ends.meets / runs,
    rulesOut: ends.rulesOut / runs,
    undecided: ends.undecided / runs,
    trialsMean: trials / runs,
  }
}
