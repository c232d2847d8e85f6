/** Proves that leftovers are seen, that they may be short, and that only an agent that answered can leave any. */
import { nothingLeftRunning } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, graceMs?: number) =>
  nothingLeftRunning(graceMs === undefined ? {} : { graceMs }).check(trace.build(), undefined)

const answer = () => new TraceBuilder().turn().claim('success')

describe('an agent that has answered', () => {
  it('has left a timer where one is set for long', () => {
    expect(judge(answer().leftRunning('timers', 1, 29_500))).toEqual({
      kind: 'violated',
      signature: 'timers',
      story: 'The agent answered and left a timer set for 29500 ms more.',
      evidence: [2, 3],
    })
    expect(judge(answer().leftRunning('timers', 3, 29_500))).toMatchObject({
      story: 'The agent answered and left 3 timers set, for 29500 ms more at most.',
    })
  })

  it('may leave a timer that is over soon, and the scenario says what is soon', () => {
    expect(judge(answer().leftRunning('timers', 2, 8_000))).toEqual({ kind: 'held' })
    expect(judge(answer().leftRunning('timers', 1, 8_000), 1_000)).toMatchObject({ kind: 'violated' })
    expect(judge(answer().leftRunning('timers', 1, 29_500), 30_000)).toEqual({ kind: 'held' })
  })

  it('may leave no interval, however short it is', () => {
    expect(judge(answer().leftRunning('timers', 1, 500).leftRunning('intervals', 1, 100))).toEqual({
      kind: 'violated',
      signature: 'intervals',
      story: 'The agent answered and left an interval running.',
      evidence: [2, 4],
    })
  })

  it('has left real work where the trial is stuck on it', () => {
    const end = { kind: 'stuck', resources: ['TCPSocketWrap', 'ProcessWrap', 'TCPSocketWrap'] } as const
    expect(nothingLeftRunning().check(answer().build({ end }), undefined)).toEqual({
      kind: 'violated',
      signature: 'work',
      story: 'The agent answered and left real work running: TCPSocketWrap, ProcessWrap.',
      evidence: [2, 3],
    })
  })

  it('has left nothing where nothing is told of', () => {
    expect(judge(answer())).toEqual({ kind: 'held' })
  })
})

describe('an agent that has not answered', () => {
  it.each([{ kind: 'stuck', resources: ['TCPSocketWrap'] }, { kind: 'deadlock' }, { kind: 'horizon' }] as const)(
    'has left nothing yet ($kind)',
    (end) => {
      expect(nothingLeftRunning().check(new TraceBuilder().turn().build({ end }), undefined)).toEqual({
        kind: 'vacuous',
        because: 'the agent never answered',
      })
    },
  )
})
