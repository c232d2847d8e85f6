/** Seeded simulation of agents with a known chance of success, without trials: what a gate and an interval see of them. */

import { stream } from '../../../harness/contracts/stream.js'
import { stepsOf, type Thresholds } from '../../../harness/measure/likelihood.js'
import type { Question } from '../../../harness/measure/question.js'
import { atStart, endOf, step, type Walk } from '../../../harness/measure/sequential.js'

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
  readonly passes: number
  readonly fails: number
  readonly undecided: number
  readonly trialsMean: number
  /** How many of the runs the walk ended with. */
  readonly walks: readonly Walk[]
}

/** Many runs of a sequential gate on one agent. */
export function simulateGate(
  question: Question,
  thresholds: Thresholds,
  succeeds: () => boolean,
  { runs, trialsMax = Number.POSITIVE_INFINITY }: { readonly runs: number; readonly trialsMax?: number },
): Gated {
  const steps = stepsOf(question)
  const ends = { passed: 0, failed: 0, open: 0 }
  const walks: Walk[] = []
  for (let run = 0; run < runs; run++) {
    let walk = atStart
    while (endOf(walk, thresholds) === 'open' && walk.successes + walk.failures < trialsMax) {
      walk = step(walk, steps, succeeds())
    }
    ends[endOf(walk, thresholds)]++
    walks.push(walk)
  }
  const trials = walks.reduce((sum, { successes, failures }) => sum + successes + failures, 0)
  return {
    passes: ends.passed / runs,
    fails: ends.failed / runs,
    undecided: ends.open / runs,
    trialsMean: trials / runs,
    walks,
  }
}
