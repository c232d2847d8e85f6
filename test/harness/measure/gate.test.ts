/** Proves that a gate is judged in the order of the trials' numbers, refused where it cannot decide, and never met for lack of trials. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { designGate, isSettled, judgeGate, type Observed, questionOf } from '../../../harness/measure/gate.js'
import { aimOf } from '../../../harness/measure/question.js'

const question = { reliability: 0.95, aim: 0.99 }
const alone = { gates: 1, calm: false }
const sequential = { kind: 'sequential', trialsMax: 2000, trialsMean: 110 } as const
const good: Observed = { succeeded: true, struck: true }
const bad: Observed = { succeeded: false, struck: true }
const times = (count: number, one: Observed) => Array.from({ length: count }, () => one)

describe('the question of a gate', () => {
  it('takes a fifth of the error budget for what a good agent spends, unless an aim is given', () => {
    expect([aimOf(0.95), aimOf(0.9)]).toEqual([0.99, 0.98])
    expect(questionOf({ reliability: 0.95, aim: 0.97 })).toEqual({ reliability: 0.95, aim: 0.97 })
  })

  it('is asked of a reliability alone', () => {
    expect(() => questionOf({})).toThrow('no reliability')
  })
})

describe('the design of a gate', () => {
  it('that is sequential takes what a good agent takes on average, and no more than is allowed', () => {
    const decided = designGate(question, 'sequential', 2000)
    expect(decided).toEqual({ kind: 'decidable', design: sequential })
    expect(designGate(question, 'sequential', 110).kind).toBe('decidable')
    expect(designGate(question, 'sequential', 109)).toEqual({
      kind: 'refused',
      gate: 'sequential',
      trialsNeeded: 110,
      trialsMax: 109,
    })
  })

  it('that is fixed takes a number of trials, and is refused where fewer are allowed', () => {
    const design = { kind: 'fixed', trials: 181, failuresMax: 4 }
    expect(designGate(question, 'fixed', 181)).toEqual({ kind: 'decidable', design })
    expect(designGate(question, 'fixed', 180)).toMatchObject({ kind: 'refused', gate: 'fixed', trialsNeeded: 181 })
  })

  it('tells a number that is near enough where calculating it would take for ever', () => {
    const far = designGate({ reliability: 0.5, aim: 0.500001 }, 'sequential', 2000)
    // By Wald: 2.65 / (2 · 1e-6²).
    expect(far).toMatchObject({ kind: 'refused', trialsNeeded: 1.4e12 })
  })
})

describe('the verdict of a sequential gate', () => {
  it('comes as early as can be: after 73 successes, and after two failures among the first trials', () => {
    expect(judgeGate(question, sequential, times(72, good), alone).verdict).toBe('open')
    expect(judgeGate(question, sequential, times(73, good), alone)).toMatchObject({ verdict: 'met', trials: 73 })
    expect(judgeGate(question, sequential, [bad], alone).verdict).toBe('open')
    expect(judgeGate(question, sequential, [bad, bad], alone)).toMatchObject({ verdict: 'missed', trials: 2 })
  })

  it('rests on the trials up to the one that decides, whatever was run beyond it', () => {
    const trial = fc.record({ succeeded: fc.constantFrom(true, true, true, false), struck: fc.constant(true) })
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 120 }), fc.array(trial, { maxLength: 40 }), (first, further) => {
        const judgement = judgeGate(question, sequential, first, alone)
        fc.pre(isSettled(judgement, false))
        expect(judgeGate(question, sequential, [...first, ...further], alone)).toEqual(judgement)
      }),
    )
  })

  it('is open for lack of trials, however well it looks', () => {
    const judgement = judgeGate(question, sequential, [bad, ...times(100, good)], alone)
    expect(judgement).toMatchObject({ verdict: 'open', trials: 101 })
  })

  it('takes more for a failure where several gates share the risk, and the same to be met', () => {
    const among = { gates: 20, calm: false }
    expect(judgeGate(question, sequential, [bad, bad], among).verdict).toBe('open')
    const failed = judgeGate(question, sequential, times(10, bad), among)
    expect(failed).toMatchObject({ verdict: 'missed', trials: 3 })
    expect(failed.pValue).toBeLessThanOrEqual(0.05 / 20)
    expect(judgeGate(question, sequential, times(80, good), among)).toMatchObject({ verdict: 'met', trials: 73 })
  })

  it('that is met waits for a fault to land, which changes it no more', () => {
    const calm = { succeeded: true, struck: false }
    const before = judgeGate(question, sequential, times(90, calm), alone)
    expect(before).toMatchObject({ verdict: 'met', trials: 90, struck: false })
    expect(isSettled(before, false)).toBe(false)
    const after = judgeGate(question, sequential, [...times(90, calm), bad, good, good], alone)
    expect(after).toMatchObject({ verdict: 'met', trials: 91, struck: true })
    expect(after.walk?.walk).toEqual(before.walk?.walk)
    expect(isSettled(after, false)).toBe(true)
  })

  it('waits for no fault where the profile has none, nor in order to be missed', () => {
    const quiet = { gates: 1, calm: true }
    const calm = { succeeded: true, struck: false }
    expect(judgeGate(question, sequential, times(90, calm), quiet)).toMatchObject({ verdict: 'met', trials: 73 })
    const failed = judgeGate(question, sequential, times(3, { succeeded: false, struck: false }), alone)
    expect([failed.verdict, failed.trials, isSettled(failed, false)]).toEqual(['missed', 2, true])
  })
})

describe('the verdict of a gate of fixed size', () => {
  const fixed = { kind: 'fixed', trials: 181, failuresMax: 4 } as const

  it('looks once, at all of the trials', () => {
    const late = [...times(60, bad), ...times(121, good)]
    const early = [...late].reverse()
    expect(judgeGate(question, fixed, late, alone)).toEqual(judgeGate(question, fixed, early, alone))
    expect(judgeGate(question, fixed, late, alone)).toMatchObject({ verdict: 'missed', trials: 181, walk: null })
    expect(judgeGate(question, fixed, times(181, good), alone).verdict).toBe('met')
  })
})
