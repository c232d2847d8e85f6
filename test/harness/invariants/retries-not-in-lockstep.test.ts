/** Proves that flows which come back on one beat are found, and that none is which jitter, advice or the model brought. */
import { type LockstepOptions, retriesNotInLockstep } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { ErrorFacts } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: LockstepOptions) =>
  retriesNotInLockstep(options).check(trace.build(), undefined)

/** Flows whose calls fail together at the beginning of each round, and come back so many milliseconds later. */
function flows(
  rounds: readonly (readonly number[])[],
  { error = { status: 503 }, site = 'http:GET api/x' }: { error?: Partial<ErrorFacts>; site?: string } = {},
): TraceBuilder {
  const trace = new TraceBuilder()
  const count = rounds[0]?.length ?? 0
  const inputs = Array.from({ length: count }, (_, flow) => `${flow}`)
  let calls = inputs.map((input) => trace.call(site, { input }))
  let now = 0
  for (const pauses of rounds) {
    now += 1_000
    trace.at(now)
    for (const call of calls) trace.fail(call, 'transient', error)
    const order = inputs.map((input, flow) => ({ input, flow, at: now + (pauses[flow] ?? 0) }))
    const next: number[] = []
    for (const { input, flow, at } of order.sort((a, b) => a.at - b.at)) {
      trace.at(at)
      next[flow] = trace.call(site, { input })
    }
    calls = next
    now += Math.max(...pauses)
  }
  trace.at(now + 10)
  for (const call of calls) trace.ok(call)
  return trace
}

describe('retries-not-in-lockstep', () => {
  it('is violated by five flows that fail together and come back in one millisecond', () => {
    expect(judge(flows([[500, 500, 500, 500, 500]]))).toMatchObject({
      kind: 'violated',
      signature: 'http:GET api/x',
      story: 'Retries of http:GET api/x came on one beat: 5 flows 500 ms after they failed together.',
      evidence: { length: 10 },
    })
    expect(judge(flows([[500, 501, 530, 570, 610]]))).toEqual({ kind: 'held' })
  })

  it('is violated by three flows that do so twice, for once may be chance', () => {
    const once = [500, 500, 500]
    expect(judge(flows([once]))).toEqual({ kind: 'held' })
    expect(judge(flows([once, [900, 930, 960]]))).toEqual({ kind: 'held' })
    expect(judge(flows([once, [1_000, 1_000, 1_000]]))).toMatchObject({
      kind: 'violated',
      story: expect.stringContaining('3 flows 500 ms after they failed together, then 3 flows 1000 ms'),
    })
  })

  it('lets chance bring a few of many together', () => {
    const spread = [400, 400, 400, 421, 433, 447, 452, 468]
    expect(judge(flows([spread, spread, spread]))).toEqual({ kind: 'held' })
  })

  it('is vacuous below so many flows, and the scenario may say how many', () => {
    const two = [
      [500, 500],
      [1_000, 1_000],
      [2_000, 2_000],
      [4_000, 4_000],
    ]
    expect(judge(flows(two))).toEqual({
      kind: 'vacuous',
      because: 'no 3 flows failed together and came back',
    })
    expect(judge(flows(two), { flows: 2 })).toMatchObject({ kind: 'violated' })
  })

  it('says of how many flows it speaks, and how many retries must have met', () => {
    const { promise, antecedent } = retriesNotInLockstep({ flows: 7 })
    expect(promise).toMatch(/^Where 7 flows or more fail together/)
    expect(antecedent).toMatch(/^At least 7 calls of one dependency ran at once, .* again after a pause\. 4 retries /)
  })

  it('exempts a beat that the server set, unless that is asked for', () => {
    const error = { status: 429, retryAfter: '2' }
    const together = [2_000, 2_000, 2_000, 2_000, 2_000]
    expect(judge(flows([together], { error }))).toMatchObject({ kind: 'vacuous' })
    expect(judge(flows([together], { error }), { asAdvised: true })).toMatchObject({ kind: 'violated' })
    expect(judge(flows([together.map((ms) => ms + 500)], { error }))).toMatchObject({ kind: 'violated' })
  })

  it('exempts retries that come at once, which are judged as hot', () => {
    expect(judge(flows([[0, 0, 0, 0, 0]]))).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts errors that are for good', () => {
    const trace = new TraceBuilder()
    const inputs = ['1', '2', '3', '4', '5']
    const calls = inputs.map((input) => trace.call('http:GET api/x', { input }))
    for (const call of calls) trace.fail(call, 'definite', { status: 400 })
    trace.at(500)
    for (const input of inputs) trace.ok(trace.call('http:GET api/x', { input }))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts calls one after the other, and those of another dependency', () => {
    const trace = new TraceBuilder()
    for (const site of ['http:GET a/x', 'http:GET b/x', 'http:GET c/x', 'tool:d', 'model:m']) {
      trace.fail(trace.call(site), 'transient', { status: 503 })
    }
    trace.at(500)
    for (const site of ['http:GET a/x', 'http:GET b/x', 'http:GET c/x', 'tool:d', 'model:m']) trace.ok(trace.call(site))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts tools that the model asked for again', () => {
    const trace = new TraceBuilder()
    const inputs = ['1', '2', '3', '4', '5']
    const calls = inputs.map((input) => trace.call('tool:read', { input }))
    for (const call of calls) trace.fail(call, 'transient', { status: 503 })
    trace.at(500).turn()
    for (const input of inputs) trace.ok(trace.call('tool:read', { input }))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts an agent that was restarted in between', () => {
    const trace = new TraceBuilder()
    const inputs = ['1', '2', '3', '4', '5']
    const calls = inputs.map((input) => trace.call('http:GET api/x', { input }))
    for (const call of calls) trace.fail(call, 'transient', { status: 503 })
    trace.at(500).restart()
    for (const input of inputs) trace.ok(trace.call('http:GET api/x', { input }))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})
