/** What a trial proves: of one invariant, and at all. */
import { didYouMean, UserError } from '../contracts/errors.js'
import type { InjectionStatus } from '../contracts/trace.js'
import { inconclusive, type Verdict } from '../contracts/verdict.js'
import type { Trial } from './trial.js'

/** What a trial must show to prove anything. */
export interface ProofSettings {
  /**
   * Which faults of the plan must have landed for the trial to prove anything: `all` of them by default, or `some`, for
   * plans that were drawn, in which one fault can keep another from its crossing.
   */
  readonly landed?: 'all' | 'some'
}

/**
 * What an invariant says of a trial. A trial that violated nothing is `inconclusive` where faults of its plan did not land,
 * or where it met nothing that could fail. A `UserError` for an invariant that the scenario does not have.
 */
export function verdictOf(trial: Trial, invariant: string, settings: ProofSettings = {}): Verdict {
  const { judgements } = trial
  const doubt = whyUnproven(trial, settings)
  const found = judgements.find((judgement) => judgement.invariant === invariant)
  if (found) {
    const { kind } = found.verdict
    return doubt === undefined || kind === 'violated' || kind === 'inconclusive' ? found.verdict : inconclusive(doubt)
  }
  const names = judgements.map((judgement) => judgement.invariant)
  throw new UserError(
    `no invariant "${invariant}" is on in this scenario (${names.join(', ')}).${didYouMean(invariant, names)}`,
  )
}

/** Why a trial proves nothing of what its plan is there to try, if that is so. */
export function whyUnproven({ faults, unmet }: Trial, { landed = 'all' }: ProofSettings = {}): string | undefined {
  if (landed !== 'all' && landed !== 'some') {
    throw new UserError(`landed: expected "all" or "some", got ${JSON.stringify(landed)}`)
  }
  if (faults.length === 0) return unmet ?? undefined
  const missed = faults.filter(({ status }) => status !== 'landed')
  if (missed.length === 0 || (landed === 'some' && missed.length < faults.length)) return undefined
  const which = missed.length < faults.length ? 'not every fault of the plan landed' : 'no fault of the plan landed'
  const lines = missed.map(
    ({ injection, fault, status, lack }) => `${fault} of "${injection}" did not: ${whyNotLanded(status, lack)}`,
  )
  return `${which}: ${lines.join('; ')}${unmet === null ? '' : `; ${unmet}`}`
}

function whyNotLanded(status: InjectionStatus, lack: string | undefined): string {
  return lack === undefined ? reasons[status] : `its crossing came, and it has no counterpart there: ${lack}`
}

const reasons: Readonly<Record<InjectionStatus, string>> = {
  planned: 'its crossing never came',
  reached: 'its crossing came, and the fault had nothing to take hold of',
  masked: 'an earlier fault had ended the crossing',
  landed: 'it landed',
}
