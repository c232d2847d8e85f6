/** Proves that an effect is held to an answer that came, in time and as a yes, and that no agent is blamed for a false one. */
import { type Approval, approvalAwaited } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, approval: string | Approval = 'tool:approve') =>
  approvalAwaited({ approvals: { refund: approval } }).check(trace.build(), undefined)

function refund(trace: TraceBuilder): TraceBuilder {
  const call = trace.call('tool:refund')
  return trace.effect(call).ok(call)
}

describe('approval-awaited', () => {
  it('is violated by an effect after an answer that was lost, and held after one that came', () => {
    const lost = new TraceBuilder()
    lost.fail(lost.call('tool:approve'), 'indeterminate')
    expect(judge(refund(lost))).toEqual({
      kind: 'violated',
      signature: 'unanswered:refund',
      story: '"refund 42" took effect, and tool:approve had given no such answer.',
      evidence: [0, 3],
    })
    const came = new TraceBuilder()
    expect(judge(refund(came.ok(came.call('tool:approve'), 'yes')))).toEqual({ kind: 'held' })
  })

  it('is violated by an effect while nobody has answered, and where nobody was asked', () => {
    const waiting = new TraceBuilder()
    const asked = waiting.call('tool:approve')
    expect(judge(refund(waiting).ok(asked, 'yes'))).toMatchObject({ kind: 'violated' })
    expect(judge(refund(new TraceBuilder()))).toMatchObject({
      kind: 'violated',
      story: expect.stringContaining('tool:approve had not been asked'),
    })
  })

  it('is violated after a no, where the scenario says what a yes is', () => {
    const grants = (answer: unknown) => answer === 'yes'
    const no = new TraceBuilder()
    no.ok(no.call('tool:approve'), 'no')
    expect(judge(refund(no), { by: 'tool:approve', grants })).toMatchObject({ kind: 'violated' })
    const yes = new TraceBuilder()
    yes.ok(yes.call('tool:approve'), 'yes')
    expect(judge(refund(yes), { by: 'tool:approve', grants })).toEqual({ kind: 'held' })
  })

  it('lets a tool ask by itself, before it makes the change and not after', () => {
    const inside = new TraceBuilder()
    const tool = inside.call('tool:refund')
    inside.ok(inside.call('http:POST desk/approvals', { parent: tool }))
    const effect = inside.call('effect:refund', { parent: tool })
    expect(judge(inside.effect(effect).ok(effect).ok(tool), 'http:"POST desk/approvals"')).toEqual({ kind: 'held' })

    const after = new TraceBuilder()
    const late = after.call('tool:refund')
    const change = after.call('effect:refund', { parent: late })
    after.effect(change).ok(change)
    after.ok(after.call('http:POST desk/approvals', { parent: late })).ok(late)
    expect(judge(after, 'http:"POST desk/approvals"')).toMatchObject({ kind: 'violated' })
  })

  it('counts an answer from before a restart', () => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:approve')).restart()
    expect(judge(refund(trace))).toEqual({ kind: 'held' })
  })

  it('blames nobody for an answer that was none and looked like one', () => {
    const trace = new TraceBuilder()
    const asked = trace.call('tool:approve')
    trace.fault(asked, 'deceptive').ok(asked, 'yes')
    expect(judge(refund(trace))).toEqual({ kind: 'held' })
  })

  it('is vacuous where no such effect took place', () => {
    const trace = new TraceBuilder()
    const call = trace.call('tool:mail')
    expect(judge(trace.effect(call, { kind: 'mail' }).ok(call))).toMatchObject({ kind: 'vacuous' })
  })
})
