/** Proves what a gate says of itself where it decides nothing: shares that are told apart, and what is still to come. */
import { describe, expect, it } from 'vitest'
import { pendingGate, refusedGate } from '../../../harness/measure/gate-report.js'
import { shareWords } from '../../../harness/measure/question.js'

describe('a share', () => {
  it.each([
    [0.95, '0.95'],
    [0.98341, '0.9834'],
    [0.99998, '0.99998'],
    [0.9999998, '0.9999998'],
    [1, '1'],
    [0, '0'],
  ])('of %f is told as %s, and as 1 only where it is 1', (share, text) => {
    expect(shareWords(share)).toBe(text)
  })
})

describe('a gate that is refused', () => {
  it('names the two agents that it cannot tell apart, and the trials that it would take', () => {
    const question = { reliability: 0.9999, aim: 0.99998 }
    const refused = { kind: 'refused', gate: 'sequential', trialsNeeded: 56_000, trialsMax: 2_000 } as const
    expect(refusedGate(question, refused, 1)).toMatchObject({
      kind: 'sequential',
      verdict: 'refused',
      because:
        'to tell a reliability of 0.9999 from one of 0.99998 takes 56000 trials on average, and no more than 2000 are allowed',
      pValue: null,
    })
  })
})

describe('the gate of a shard', () => {
  it('is judged at the merge, and says of how many trials these are a part', () => {
    const gate = pendingGate({ kind: 'fixed', trials: 181, failuresMax: 4 }, 61, { index: 1, count: 3 })
    expect(gate).toMatchObject({
      verdict: 'pending',
      because: '61 of 181 trials are those of shard 1 of 3: the gate is judged when all are merged',
      trialsNeeded: 181,
      pValue: null,
      evidence: null,
    })
  })
})
