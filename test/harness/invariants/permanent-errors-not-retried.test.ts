/** Proves that only the agent's own repetition of a call that failed for good counts against it. */
import { permanentErrorsNotRetried } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder) => permanentErrorsNotRetried().check(builder.build(), undefined)

describe('permanent-errors-not-retried', () => {
  it('is violated by the same call again, and shows the refusal and the call', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.ok(trace.call('tool:refund'))
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'tool:refund',
      story: 'The agent made the same call to tool:refund again after an error that is for good.',
      evidence: [2, 3],
    })
  })

  it('is held where the agent leaves it at that', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  it.each(['transient', 'indeterminate', 'unknown'] as const)('is vacuous where calls failed as %s', (class_) => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:refund'), class_)
    trace.fail(trace.call('tool:refund'), class_)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('lets the model ask again', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.turn()
    trace.strike('tool:refund', 'definite')
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('holds a repetition against the agent after the model had asked again', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.turn()
    trace.strike('tool:refund', 'definite')
    trace.strike('tool:refund', 'definite')
    expect(judge(trace)).toMatchObject({ kind: 'violated', evidence: [7, 8] })
  })

  it('does not take a model call that failed for the model asking again', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.strike('model:m', 'transient')
    trace.ok(trace.call('tool:refund'))
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('lets the agent make a corrected request', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite', { input: '{"cents":-1}' })
    trace.ok(trace.call('tool:refund', { input: '{"cents":1}' }))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('lets the agent ask another tool the same', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.ok(trace.call('tool:refund-by-hand'))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('judges requests to the model too', () => {
    const trace = new TraceBuilder()
    trace.strike('model:m', 'definite')
    trace.strike('model:m', 'definite')
    expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'model:m' })
  })

  it('does not ask what a tool does inside itself', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:refund')
    trace.strike('effect:refund', 'definite', { parent: tool })
    trace.strike('effect:refund', 'definite', { parent: tool })
    trace.ok(tool)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('does not ask it either where side by side calls hide which tool it was', () => {
    const trace = new TraceBuilder()
    trace.strike('effect:refund', 'definite')
    trace.strike('effect:refund', 'definite')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})
