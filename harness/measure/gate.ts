/**
 * The gate: whether an agent is as reliable as its budget asks. It knows both kinds, sequential and fixed. It is a pure
 * function of the sample's rows, so it may be judged wherever they come together. A gate that could not decide with the
 * trials allowed is refused before it starts.
 */
import type { Budget, GateKind } from '../contracts/budget.js'
import { type FixedDesign, fixedDesign, judgeFixed, pValueOfFixed } from './fixed.js'
import { meanTrials } from './likelihood.js'
import { aimOf, type Question, risks, roundUp } from './question.js'
import {
  atStart,
  endOf,
  type GateRules,
  rulesOf,
  step,
  trialsOnAverage,
  trialsThatTell,
  type Walk,
} from './sequential.js'

export type Design =
  | ({ readonly kind: 'fixed' } & FixedDesign)
  /** `trialsMean` is what the verdict on an agent as good as the aim takes on average. */
  | { readonly kind: 'sequential'; readonly trialsMax: number; readonly trialsMean: number }

export type Decidability =
  | { readonly kind: 'decidable'; readonly design: Design }
  /** What is more than `trialsMax`: the number of trials, or of a sequential gate the mean number. */
  | { readonly kind: 'refused'; readonly gate: GateKind; readonly trialsNeeded: number; readonly trialsMax: number }

/** What the budget asks of a gate; its reliability must be there. */
export function questionOf({ reliability, aim }: Budget): Question {
  if (reliability === undefined) throw new Error('there is no reliability to measure against')
  return { reliability, aim: aimOf(reliability, aim) }
}

/** How the question is answered, if that takes no more than `trialsMax` trials. */
export function designGate(question: Question, gate: GateKind, trialsMax: number): Decidability {
  if (gate === 'sequential') return sequentialDesign(question, trialsMax)
  const design = fixedDesign(question, trialsMax)
  if (typeof design === 'number') return { kind: 'refused', gate, trialsNeeded: design, trialsMax }
  return { kind: 'decidable', design: { kind: 'fixed', ...design } }
}

/** Far beyond what is allowed, Wald's approximation will do. */
const farBeyond = 10

/** On fewer trials than a good agent takes on average, its verdict would be a matter of luck. */
function sequentialDesign(question: Question, trialsMax: number): Decidability {
  const [rough] = meanTrials(question, risks.alpha, risks.beta)
  const trialsMean = rough > farBeyond * trialsMax ? roundUp(rough) : trialsOnAverage(question)
  if (trialsMean <= trialsMax) return { kind: 'decidable', design: { kind: 'sequential', trialsMax, trialsMean } }
  return { kind: 'refused', gate: 'sequential', trialsNeeded: trialsMean, trialsMax }
}

/** What a gate sees of a trial. */
export interface Observed {
  readonly succeeded: boolean
  /** Whether a fault landed in it. */
  readonly struck: boolean
}

export interface GateJudgement {
  /**
   * `met`: shown to be at least what is asked. `missed`: shown to be less. `open`: neither, so what is asked is not shown
   * if this is all of the sample.
   */
  readonly verdict: 'met' | 'missed' | 'open'
  /** How many of the trials the verdict rests on: what was run beyond the one that decided counts for nothing. */
  readonly trials: number
  /** Whether a fault landed in any of them. */
  readonly struck: boolean
  /** How likely an agent that is just as good as was asked ever looks as bad as this one, at most. */
  readonly pValue: number
  /** About how many trials would tell, where these do not; `null` where no number would. */
  readonly trialsToTell: number | null
  /** Of a sequential gate. */
  readonly walk: { readonly walk: Walk; readonly rules: GateRules } | null
}

/**
 * Judges trials in the order of their numbers. Of several gates in one run each may miss wrongly with its part of the
 * risk alone. So the run does with no more than all of it. What may be met wrongly is not divided. The run passes only if
 * all its gates are met, so a bad agent's own gate would have to be (an intersection-union test: Berger, 1982).
 */
export function judgeGate(
  question: Question,
  design: Design,
  observed: readonly Observed[],
  { gates, calm }: { readonly gates: number; readonly calm: boolean },
): GateJudgement {
  return design.kind === 'fixed' ? judgeAtOnce(question, observed) : judgeInOrder(question, observed, gates, calm)
}

function judgeAtOnce(question: Question, observed: readonly Observed[]): GateJudgement {
  const trials = observed.length
  const successes = observed.filter(({ succeeded }) => succeeded).length
  const verdict = judgeFixed(question.reliability, successes, trials)
  return {
    verdict,
    trials,
    struck: observed.some(({ struck }) => struck),
    pValue: pValueOfFixed(question.reliability, successes, trials),
    trialsToTell: verdict === 'open' ? inOrderFrom(question, observed) : null,
    walk: null,
  }
}

/** A fixed number cannot be added to once it was looked at. So the report says what these trials would take in sequence. */
function inOrderFrom(question: Question, observed: readonly Observed[]): number | null {
  const rules = rulesOf(question, 1)
  const walk = observed.reduce((so, { succeeded }) => step(rules, so, succeeded), atStart)
  return trialsThatTell(rules, walk)
}

/**
 * The first answer that the evidence gives stands. Where the least was met before any fault landed, and the profile is not
 * `calm`, the trials go on until one does. It changes the verdict no more, but without it nothing says that there are any.
 */
function judgeInOrder(question: Question, observed: readonly Observed[], gates: number, calm: boolean): GateJudgement {
  const rules = rulesOf(question, gates)
  let walk: Walk = atStart
  let verdict: GateJudgement['verdict'] = 'open'
  let struck = false
  let trials = 0
  for (const trial of observed) {
    if (isSettled({ verdict, struck }, calm)) break
    trials++
    struck ||= trial.struck
    if (verdict !== 'open') continue
    walk = step(rules, walk, trial.succeeded)
    verdict = endOf(rules, walk)
  }
  return {
    verdict,
    trials,
    struck,
    pValue: Math.exp(-walk.missed),
    trialsToTell: verdict === 'open' ? trialsThatTell(rules, walk) : null,
    walk: { walk, rules },
  }
}

/** Whether no further trial changes what the gate says. */
export function isSettled({ verdict, struck }: Pick<GateJudgement, 'verdict' | 'struck'>, calm: boolean): boolean {
  return verdict === 'missed' || (verdict === 'met' && (struck || calm))
}
