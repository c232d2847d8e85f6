/** The breaker around the loop stops what no single error shows. */
import { describe, expect, it } from 'vitest'
import { LoopBreaker } from '../../../scenarios/agent/loop-breaker.js'
import { TaskStopped } from '../../../scenarios/agent/task-stopped.js'

const limits = { turnsMax: 3, toolFailuresMax: 2, repeatsMax: 3, nudgesMax: 1 }
const failure = { kind: 'failed', error: new Error('no') } as const

function times(count: number, act: () => void): void {
  for (let n = 0; n < count; n++) act()
}

describe('LoopBreaker', () => {
  it('lets as many turns through as are allowed, and none beyond', () => {
    const loop = new LoopBreaker(limits)
    times(3, () => loop.turn())
    expect(() => loop.turn()).toThrow(TaskStopped)
  })

  it('stops with the failure that reaches the limit, and admits nothing after it', () => {
    const loop = new LoopBreaker(limits)
    loop.onEnd(failure)
    loop.admit()
    expect(() => loop.onEnd(failure)).toThrow(TaskStopped)
    expect(() => loop.admit()).toThrow('2 tool calls failed')
  })

  it('does not count what went well', () => {
    const loop = new LoopBreaker(limits)
    times(10, () => loop.onEnd({ kind: 'ok' }))
    expect(() => loop.admit()).not.toThrow()
  })

  it('stops at the third equal answer to an equal call, though each of them was fine', () => {
    const loop = new LoopBreaker(limits)
    times(2, () => loop.recordAnswer('search', { query: 'tides' }, '[]'))
    loop.recordAnswer('search', { query: 'wind' }, '[]')
    loop.recordAnswer('search', { query: 'tides' }, '["tides-1"]')
    expect(() => loop.recordAnswer('search', { query: 'tides' }, '[]')).toThrow('search gave the same answer 3 times')
  })

  it('tells a model that only talks to act, and then gives up on it', () => {
    const loop = new LoopBreaker(limits)
    loop.idle()
    expect(() => loop.idle()).toThrow(TaskStopped)
  })
})
