/** Proves that an agent must work again once the world does, and is let alone while it cannot. */
import { type RecoveryOptions, recoversOnceHealed } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { FaultClass } from '../../../faults/fault.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: RecoveryOptions) =>
  recoversOnceHealed(options).check(trace.build({ goal: false }), undefined)

const site = 'http:POST api/read'

/** Works once, is struck once, and then ends as told: `x` fails by itself, `.` succeeds. */
function run(later: string, { before = '.', class_ = 'transient' as FaultClass, endsAt = null as number | null } = {}) {
  const trace = new TraceBuilder()
  const call = (outcome: string, input: string) => {
    const crossing = trace.call(site, { input })
    if (outcome === '.') trace.ok(crossing)
    else trace.fail(crossing, 'definite', { status: 404 })
  }
  for (const [n, outcome] of [...before].entries()) call(outcome, `before ${n}`)
  trace.strike(site, class_, { input: 'struck' }, { endsAt })
  trace.at(1_000)
  for (const [n, outcome] of [...later].entries()) call(outcome, `after ${n}`)
  return trace.at(2_000).claim('failure')
}

describe('recovers-once-healed', () => {
  it('is violated where a site had worked and each later call of it fails', () => {
    expect(judge(run('xxx'))).toMatchObject({
      kind: 'violated',
      signature: site,
      story: `${site} had worked, all faults were over, and each of its 3 later calls failed.`,
    })
    expect(judge(run('xxx.'))).toEqual({ kind: 'held' })
    expect(judge(run('.xxx'))).toEqual({ kind: 'held' })
  })

  it('asks for so many calls, and the scenario may ask for fewer', () => {
    expect(judge(run('xx'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xx'), { calls: 2 })).toMatchObject({ kind: 'violated' })
  })

  it('takes the retries of one call for one', () => {
    const trace = run('')
    const again = new TraceBuilder()
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    again.ok(again.call(site, { input: 'first' }))
    again.strike(site, 'transient', { input: 'struck' })
    for (let n = 0; n < 5; n++) again.fail(again.call(site, { input: 'one' }), 'definite')
    expect(judge(again.claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts a site that never worked, and a world that has not healed', () => {
    expect(judge(run('xxx', { before: 'x' }))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxx', { endsAt: 1_500 }))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxx', { endsAt: 5_000 }))).toMatchObject({ kind: 'vacuous' })
  })

  it.each(['definite', 'deceptive', 'behavioural'] as const)('exempts runs with a %s fault', (class_) => {
    expect(judge(run('xxx', { class_ }))).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts runs that reach the goal, and those without a fault', () => {
    expect(recoversOnceHealed().check(run('xxx').build({ goal: true }), undefined)).toEqual({ kind: 'held' })
    const none = new TraceBuilder()
    expect(judge(none.claim('failure'))).toEqual({ kind: 'vacuous', because: 'no fault took effect' })
  })
})
