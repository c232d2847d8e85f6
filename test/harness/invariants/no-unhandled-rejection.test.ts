/** Proves that what nobody catches counts against the agent, once per kind of error. */
import { noUnhandledRejection } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder) => noUnhandledRejection().check(builder.build(), undefined)

describe('no-unhandled-rejection', () => {
  it('is held where everything was caught, failures included', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  it('is violated by a rejection without a handler, although the agent answered', () => {
    expect(judge(new TraceBuilder().turn().throwUnhandled('rejection').claim('success'))).toEqual({
      kind: 'violated',
      signature: 'rejection:TypeError',
      story: 'A promise was rejected with no handler: TypeError: oops',
      evidence: [2],
    })
  })

  it('tells an exception from a rejection, and one kind of error from another', () => {
    expect(judge(new TraceBuilder().throwUnhandled('exception', 'RangeError'))).toMatchObject({
      signature: 'exception:RangeError',
      story: 'An exception was not caught: RangeError: oops',
      evidence: [0],
    })
  })

  it('quotes no more of a long message than a sentence may hold', () => {
    const { story } = judge(new TraceBuilder().throwUnhandled('rejection', 'Error', 'x'.repeat(501))) as {
      story: string
    }
    expect(story).toBe(`A promise was rejected with no handler: Error: ${'x'.repeat(500)}...`)
  })

  it('keeps the message, which differs from run to run, out of the signature', () => {
    const one = judge(new TraceBuilder().throwUnhandled('rejection', 'Error', 'order 42'))
    const other = judge(new TraceBuilder().throwUnhandled('rejection', 'Error', 'order 43'))
    expect(one).toHaveProperty('signature', 'rejection:Error')
    expect(other).toHaveProperty('signature', 'rejection:Error')
  })
})
