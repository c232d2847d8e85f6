/** Proves that nothing may be begun when it is over, and that what had been begun by then may come to its end. */
import { noEffectAfterStop } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, except?: readonly string[]) =>
  noEffectAfterStop(except && { except }).check(trace.build(), undefined)

interface Asked {
  readonly parent?: number
  readonly kind?: string
  readonly id?: string
}

/** The agent asks for a change; it has not happened yet. */
function ask(trace: TraceBuilder, { parent, kind = 'refund', id = '42' }: Asked = {}): number {
  const input = JSON.stringify({ kind, intent: id })
  return trace.call(`effect:${kind}`, { input, ...(parent !== undefined && { parent }) })
}

const finish = (trace: TraceBuilder, asked: Asked = {}) => {
  const crossing = ask(trace, asked)
  return trace.effect(crossing, { kind: asked.kind ?? 'refund', intent: asked.id ?? '42' }).ok(crossing)
}

/** Over HTTP the ledger alone tells that it was a change. */
const post = (trace: TraceBuilder, status: 'applied' | 'refused' = 'applied') => {
  const crossing = trace.call('http:POST pay.example.com')
  return trace.effect(crossing, { status }).ok(crossing)
}

describe('when the agent was called off', () => {
  const cancel = () => finish(new TraceBuilder(), { id: '41' }).at(1_000).cancel().at(1_500)

  it('no change is begun any more', () => {
    expect(judge(finish(cancel()))).toEqual({
      kind: 'violated',
      signature: 'after-cancel:refund',
      story: 'The agent was called off, and 500 ms later it began "refund 42".',
      evidence: [3, 4],
    })
    expect(judge(post(cancel()))).toMatchObject({ kind: 'violated', evidence: [3, 4] })
  })

  it('one that failed, or never arrived, was begun all the same', () => {
    const failed = cancel()
    failed.fail(ask(failed), 'transient')
    expect(judge(failed)).toMatchObject({ kind: 'violated' })
    const hanging = cancel()
    ask(hanging)
    expect(judge(hanging)).toMatchObject({ kind: 'violated' })
  })

  it('a change by a tool that is called then is one', () => {
    const trace = cancel()
    const tool = trace.call('tool:pay')
    expect(judge(finish(trace, { parent: tool }).ok(tool))).toMatchObject({ kind: 'violated' })
  })

  it('it may go on as long as it changes nothing', () => {
    const trace = cancel().turn()
    trace.ok(trace.call('tool:look')).claim('success')
    expect(judge(trace)).toEqual({ kind: 'held' })
    expect(judge(post(cancel(), 'refused'))).toEqual({ kind: 'held' })
  })

  it('it may undo, where the scenario says what undoes', () => {
    const undo = () => finish(cancel(), { kind: 'release' }).claim('rolled-back')
    expect(judge(undo(), ['release'])).toEqual({ kind: 'held' })
    expect(judge(undo())).toMatchObject({ kind: 'violated', signature: 'after-cancel:release' })
    expect(judge(finish(undo()), ['release'])).toMatchObject({ signature: 'after-cancel:refund' })
  })

  it('what was under way may end', () => {
    const trace = new TraceBuilder()
    const crossing = ask(trace)
    trace.at(1_000).cancel().at(5_000).effect(crossing).ok(crossing)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('a tool that was under way may begin what belongs to it', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:pay')
    trace.at(1_000).cancel().at(1_500)
    expect(judge(finish(trace, { parent: tool }).ok(tool))).toEqual({ kind: 'held' })
  })

  it('one of several tools that were under way may be who began it', () => {
    const trace = new TraceBuilder()
    const tools = ['pay', 'book'].map((name) => trace.call(`tool:${name}`))
    finish(trace.at(1_000).cancel().at(1_500))
    for (const tool of tools) trace.ok(tool)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('what begins in that instant was decided before', () => {
    const trace = new TraceBuilder()
    const first = ask(trace.at(1_000), { id: '1' })
    expect(judge(finish(trace.cancel(), { id: '2' }).ok(first))).toEqual({ kind: 'held' })
  })

  it('what the network delivers again was not begun', () => {
    const trace = new TraceBuilder()
    const crossing = ask(trace)
    trace.fault(crossing, 'indeterminate', {}, ['repeat']).effect(crossing).ok(crossing)
    expect(judge(trace.at(1_000).cancel().at(9_000).effect(crossing))).toEqual({ kind: 'held' })
  })

  it('it stays so after a crash', () => {
    expect(judge(finish(cancel().restart().at(3_000)))).toMatchObject({ kind: 'violated' })
  })
})

describe('when the agent has answered', () => {
  const answer = () => finish(new TraceBuilder(), { id: '41' }).at(1_000).claim('success')

  it('no change is begun any more, not even in that instant', () => {
    expect(judge(finish(answer()))).toEqual({
      kind: 'violated',
      signature: 'after-answer:refund',
      story: 'The agent answered, and 0 ms later it began "refund 42".',
      evidence: [3, 4],
    })
  })

  it('a crash begins it anew, until it has answered again', () => {
    const again = () => finish(answer().restart().at(3_000))
    expect(judge(again().claim('success'))).toEqual({ kind: 'held' })
    expect(judge(finish(again().claim('success'), { id: '43' }))).toMatchObject({ signature: 'after-answer:refund' })
  })

  it('what comes late, or a second time, was begun before', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:pay')
    trace.fault(tool, 'indeterminate', {}, ['late']).fail(tool, 'indeterminate').claim('failure').at(60_000)
    expect(judge(finish(trace, { parent: tool }))).toEqual({ kind: 'held' })
  })

  it('what comes late may be in any of several tools that were given up', () => {
    const trace = new TraceBuilder()
    for (const name of ['pay', 'book']) {
      const tool = trace.call(`tool:${name}`)
      trace.fault(tool, 'indeterminate', {}, ['late']).fail(tool, 'indeterminate')
    }
    expect(judge(finish(trace.claim('failure').at(60_000)))).toEqual({ kind: 'held' })
  })

  it('is kept by an agent that begins nothing', () => {
    expect(judge(answer())).toEqual({ kind: 'held' })
  })
})

describe('it is not put to the test', () => {
  it('by an agent that changes nothing', () => {
    expect(judge(new TraceBuilder().turn().cancel().claim('failure'))).toEqual({
      kind: 'vacuous',
      because: 'the agent asked for no change',
    })
  })

  it('by an agent that was neither called off nor answered', () => {
    expect(judge(finish(new TraceBuilder()))).toMatchObject({ kind: 'vacuous' })
  })
})
