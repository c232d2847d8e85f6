/**
 * `agent-chaos/vitest`: matchers for trials. `expect(trial).toHold('effects-exactly-once')` fails with the story, the
 * plan that replays it and a timeline. Vacuous verdicts pass: a random plan need not put every invariant to the test. A
 * trial whose faults did not all land passes neither way, unless `{ landed: 'some' }` says that some are enough. Tests of a
 * file that imports this have the time that a search takes.
 */
import { expect, vi } from 'vitest'
import { timeline } from '../reports/terminal/timeline.js'
import { type ProofSettings, verdictOf, whyUnproven } from './library/proof.js'
import { timeLimitMs } from './library/time-limit.js'
import type { Trial } from './library/trial.js'

/** The matchers that this module adds to Vitest's `expect`, for trials of `runTrial`. */
interface ChaosMatchers<R = unknown> {
  /**
   * The faults of the plan landed, and the trial does not violate the invariant. What cannot be judged passes neither so
   * nor with `not`. Throws a `UserError` for an invariant that the scenario does not have.
   */
  toHold(invariant: string, settings?: ProofSettings): R
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared as Vitest declares it
  interface Matchers<T = any> extends ChaosMatchers<T> {}
}

vi.setConfig({ testTimeout: timeLimitMs })

expect.extend({
  toHold(trial: Trial, invariant: string, settings: ProofSettings = {}) {
    const verdict = verdictOf(trial, invariant, settings)
    const { plan, seed } = trial.trace
    const where = `seed ${seed}, plan ${JSON.stringify(plan)}`
    const doubt = whyUnproven(trial, settings)
    // What was violated is so whatever landed; but that a plan's faults are to blame cannot be said.
    if (doubt !== undefined && (this.isNot || verdict.kind === 'inconclusive')) {
      const some = trial.faults.some(({ status }) => status === 'landed')
      const hint = some ? "\nWhere some are enough, { landed: 'some' } says so." : ''
      return { pass: this.isNot, message: () => `${invariant} could not be judged: ${doubt} (${where})${hint}` }
    }
    switch (verdict.kind) {
      case 'held':
      case 'vacuous':
        return {
          pass: true,
          message: () => `expected ${invariant} to be violated, and it was ${verdict.kind} (${where})`,
        }
      case 'inconclusive':
        // Neither expectation is met by what could not be judged.
        return { pass: this.isNot, message: () => `${invariant} could not be judged: ${verdict.because} (${where})` }
      case 'violated': {
        const { trace, judgements, console, places } = trial
        const beside = { ...(console && { console }), ...(places && { places }) }
        const draw = () => timeline(trace, judgements, { width: 100, color: false, unicode: true }, beside)
        const { remedy } = verdict
        const advice = remedy === undefined ? '' : `\nremedy: ${remedy}`
        return {
          pass: false,
          message: () => `${invariant} is violated: ${verdict.story}${advice}\n${where}\n\n${draw()}`,
          expected: 'held',
          actual: verdict.kind,
        }
      }
    }
  },
})
