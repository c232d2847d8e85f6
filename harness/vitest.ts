/**
 * `agent-chaos/vitest`: matchers for trials. `expect(trial).toHold('effects-exactly-once')` fails with the story, the
 * plan that replays it and a timeline. Vacuous verdicts pass: a random plan need not put every invariant to the test.
 */
import { expect } from 'vitest'
import { timeline } from '../reports/terminal/timeline.js'
import { type Trial, verdictOf } from './library.js'

interface ChaosMatchers<R = unknown> {
  /** The invariant is not violated by the trial, and could be judged. */
  toHold(invariant: string): R
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared as Vitest declares it
  interface Matchers<T = any> extends ChaosMatchers<T> {}
}

expect.extend({
  toHold(trial: Trial, invariant: string) {
    const verdict = verdictOf(trial, invariant)
    const { plan, seed } = trial.trace
    const where = `seed ${seed}, plan ${JSON.stringify(plan)}`
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
        const drawn = () => timeline(trial.trace, trial.judgements, { width: 100, color: false, unicode: true })
        return { pass: false, message: () => `${invariant} is violated: ${verdict.story}\n${where}\n\n${drawn()}` }
      }
    }
  },
})
