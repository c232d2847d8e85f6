/** How a gate's verdict is worded: the sentence that stands in the report, and what makes a sample none to judge by. */
import type { MeasureReport } from '../contracts/report/measure-report.js'
import type { Shard } from '../contracts/shard.js'
import type { Decidability, Design, GateJudgement } from './gate.js'
import { type Question, risks, shareWords } from './question.js'
import { lowerBound, upperBound } from './statistics.js'

type GateReport = MeasureReport['gate']
type Verdict = 'met' | 'missed' | 'not-shown'

/** A sample that was judged. */
export interface JudgedSample {
  readonly question: Question
  readonly design: Design
  readonly judgement: GateJudgement
  /** Of the trials that the verdict rests on. */
  readonly successes: number
  /** Trials of which it is not known what they came to, for either reason. */
  readonly goalUnknown: number
  readonly cutShort: number
  /** Whether the profile strikes nothing. */
  readonly calm: boolean
  readonly gates: number
}

export function refusedGate(
  { reliability, aim }: Question,
  { gate, trialsNeeded, trialsMax }: Extract<Decidability, { kind: 'refused' }>,
  gates: number,
): GateReport {
  const needs = `${trialsNeeded} trials${gate === 'sequential' ? ' on average' : ''}`
  const because = `to tell a reliability of ${reliability} from one of ${shareWords(aim)} takes ${needs}, and no more than ${trialsMax} are allowed`
  const { beta } = risks
  return {
    kind: gate,
    verdict: 'refused',
    because,
    trialsNeeded,
    alpha: risks.alpha / gates,
    beta,
    pValue: null,
    trialsToTell: null,
    evidence: null,
  }
}

/** Of a part of the sample: the merge judges all of it. */
export function pendingGate(design: Design, trials: number, { index, count }: Shard): GateReport {
  const trialsNeeded = trialsNeededBy(design)
  return {
    kind: design.kind,
    verdict: 'pending',
    because: `${trials} of ${trialsNeeded} trials are those of shard ${index} of ${count}: the gate is judged when all are merged`,
    trialsNeeded,
    ...risks,
    pValue: null,
    trialsToTell: null,
    evidence: null,
  }
}

export function judgedGate(sample: JudgedSample): GateReport {
  const { design, judgement, gates } = sample
  const { walk, pValue, trialsToTell } = judgement
  const undecided = whyUndecided(sample)
  const answer = judgement.verdict === 'open' ? 'not-shown' : judgement.verdict
  return {
    kind: design.kind,
    verdict: undecided === undefined ? answer : 'inconclusive',
    because: undecided ?? sentenceOf(sample, answer),
    trialsNeeded: trialsNeededBy(design),
    alpha: risks.alpha / gates,
    beta: risks.beta,
    pValue: undecided === undefined ? pValue : null,
    trialsToTell: undecided === undefined ? trialsToTell : null,
    evidence: walk && evidenceReport(walk),
  }
}

function evidenceReport({ walk, rules }: NonNullable<GateJudgement['walk']>): GateReport['evidence'] {
  const { met, missed, ruledOut } = walk
  return { met, metAt: -rules.thresholds.meets, missed, missedAt: rules.misses, aimRuledOut: ruledOut !== null }
}

function trialsNeededBy(design: Design): number {
  return design.kind === 'fixed' ? design.trials : design.trialsMean
}

/** What makes the sample none that a verdict could rest on. */
function whyUndecided({ design, judgement, goalUnknown, cutShort, calm }: JudgedSample): string | undefined {
  const { trials, struck, verdict } = judgement
  const planned = design.kind === 'fixed' ? design.trials : design.trialsMax
  const isOpen = design.kind === 'fixed' || verdict === 'open'
  if (isOpen && trials < planned) {
    return `interrupted after ${trials}${design.kind === 'fixed' ? ` of ${planned}` : ''} trials`
  }
  if (goalUnknown > 0) return `goal() threw in ${goalUnknown} of ${trials} trials`
  if (cutShort > 0) {
    return `${cutShort} of ${trials} trials were cut short by the limit of real time, not by the agent: see 'trialTimeout'`
  }
  // An agent that fails without faults fails.
  if (calm || struck || verdict === 'missed') return undefined
  return `no fault landed in ${trials} trials: reliability under faults was not measured`
}

function sentenceOf(sample: JudgedSample, verdict: Verdict): string {
  const { judgement, successes } = sample
  const found = `${successes} of ${judgement.trials} trials succeeded`
  return `${found}${sample.design.kind === 'fixed' ? sentenceOfFixed(sample, verdict) : sentenceOfSequential(sample, verdict)}`
}

function sentenceOfSequential({ question, judgement, gates }: JudgedSample, verdict: Verdict): string {
  const { reliability } = question
  const aim = shareWords(question.aim)
  switch (verdict) {
    case 'met':
      return `: an agent of ${reliability} ever does so well in at most ${percent(risks.beta)} of runs`
    case 'missed':
      return `: an agent of ${reliability} ever does so badly in at most ${percent(risks.alpha / gates)} of runs`
    case 'not-shown': {
      const known =
        judgement.walk?.walk.ruledOut == null
          ? `that does not tell a reliability of ${reliability} from one of ${aim}`
          : `that rules out ${aim}, and leaves open whether it is ${reliability}`
      const { trialsToTell } = judgement
      return `, and no more are allowed: ${known}; ${toTell(judgement)}${trialsToTell === null ? '' : ` (--measure-trials ${trialsToTell})`}`
    }
  }
}

function sentenceOfFixed({ question, judgement, successes }: JudgedSample, verdict: Verdict): string {
  const { reliability } = question
  switch (verdict) {
    case 'met':
      return `: reliability is at least ${shareWords(lowerBound(successes, judgement.trials))}, and ${reliability} is asked for`
    case 'missed':
      return `: reliability is at most ${shareWords(upperBound(successes, judgement.trials))}, and ${reliability} is asked for`
    case 'not-shown': {
      const { trialsToTell } = judgement
      const how = trialsToTell === null ? '' : ` (--gate sequential --measure-trials ${trialsToTell})`
      return `, which neither shows a reliability of ${reliability} nor rules it out; ${toTell(judgement)}${how}`
    }
  }
}

function toTell({ trialsToTell }: GateJudgement): string {
  return trialsToTell === null
    ? 'no number of trials tells, where it goes on like that'
    : `about ${trialsToTell} trials would tell`
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}
