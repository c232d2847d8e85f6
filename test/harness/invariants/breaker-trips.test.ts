/** Proves that both breakers of a run are judged at their limit, neither before nor after it. */
import { type BreakerLimits, breakerTrips } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder, limits: BreakerLimits) => breakerTrips(limits).check(builder.build(), undefined)

function turns(count: number): TraceBuilder {
  const trace = new TraceBuilder()
  for (let n = 0; n < count; n++) trace.turn()
  return trace
}

/** Tool calls one after another, each with its own request: `x` fails, `.` succeeds. */
function tools(outcomes: string): TraceBuilder {
  const trace = new TraceBuilder()
  for (const [n, outcome] of [...outcomes].entries()) {
    const crossing = trace.call('tool:search', { input: String(n) })
    if (outcome === 'x') trace.fail(crossing, 'transient')
    else trace.ok(crossing)
  }
  return trace
}

describe('the limit on turns', () => {
  it('is kept exactly at the limit', () => {
    expect(judge(turns(3), { turns: 3 })).toEqual({ kind: 'held' })
  })

  it('is broken by one turn more, which is the evidence', () => {
    expect(judge(turns(5), { turns: 3 })).toEqual({
      kind: 'violated',
      signature: 'turns',
      story: 'The agent took turn 4; 3 are allowed.',
      evidence: [6],
    })
  })

  it('is not put to the test below it', () => {
    expect(judge(turns(2), { turns: 3 })).toMatchObject({ kind: 'vacuous' })
  })

  it('does not count retries of a turn', () => {
    const trace = turns(2)
    for (let n = 0; n < 5; n++) trace.fail(trace.call('model:m', { input: 'again' }), 'transient')
    trace.reply(trace.call('model:m', { input: 'again' }))
    expect(judge(trace, { turns: 3 })).toEqual({ kind: 'held' })
  })

  it('counts turns of every model together', () => {
    const trace = turns(2)
    trace.reply(trace.call('model:fallback', { input: 'x' }))
    trace.reply(trace.call('model:fallback', { input: 'y' }))
    expect(judge(trace, { turns: 3 })).toMatchObject({ kind: 'violated', signature: 'turns' })
  })

  const ask = (text: string) =>
    ({ input: text, messages: [{ role: 'user', blocks: [{ kind: 'text', text }] }] }) as const

  it('does not count a question that failed and is asked of another model', () => {
    const trace = turns(2)
    trace.fail(trace.call('model:m', ask('x')), 'definite')
    trace.fail(trace.call('model:other', ask('x')), 'transient')
    trace.reply(trace.call('model:third', ask('x')))
    expect(judge(trace, { turns: 3 })).toEqual({ kind: 'held' })
  })

  it('counts another question of another model, and one that had been answered', () => {
    const another = turns(2)
    another.fail(another.call('model:m', ask('x')), 'definite')
    another.reply(another.call('model:other', ask('y')))
    expect(judge(another, { turns: 3 })).toMatchObject({ kind: 'violated', signature: 'turns' })
    const answered = turns(1)
    answered.fail(answered.call('model:m', ask('x')), 'definite')
    answered.reply(answered.call('model:other', ask('x')))
    answered.reply(answered.call('model:third', ask('x')))
    expect(judge(answered, { turns: 2 })).toMatchObject({ kind: 'violated', signature: 'turns' })
  })

  it('does not count tool calls', () => {
    expect(judge(tools('.........'), { turns: 3 })).toMatchObject({ kind: 'vacuous' })
  })
})

describe('the limit on tool failures, all told', () => {
  const limits = { afterToolFailures: 3 }

  it('is kept where no tool is called after the failure that reaches it', () => {
    expect(judge(tools('x.x.x'), limits)).toEqual({ kind: 'held' })
  })

  it('is broken by one call more, be it a success', () => {
    expect(judge(tools('x.x.x.'), limits)).toEqual({
      kind: 'violated',
      signature: 'tool-failures',
      story: 'The agent called tool:search after 3 tool failures.',
      evidence: [9, 10],
    })
  })

  it('is not put to the test below it', () => {
    expect(judge(tools('x.x....'), limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('counts every attempt of a retried call', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) trace.fail(trace.call('tool:search'), 'transient')
    expect(judge(trace, limits)).toMatchObject({ kind: 'violated', signature: 'tool-failures' })
  })

  it('exempts calls that were in flight when it was reached', () => {
    const trace = new TraceBuilder()
    const calls = Array.from({ length: 10 }, (_, n) => trace.call('tool:search', { input: String(n) }))
    for (const crossing of calls) trace.fail(crossing, 'transient')
    expect(judge(trace, limits)).toEqual({ kind: 'held' })
  })

  it('counts in the order of completion, and judges by when a call began', () => {
    const trace = new TraceBuilder()
    const slow = trace.call('tool:search', { input: 'slow' })
    const quick = trace.call('tool:search', { input: 'quick' })
    trace.fail(quick).ok(slow)
    const late = trace.call('tool:search', { input: 'late' })
    trace.fail(late)
    expect(judge(trace, { afterToolFailures: 1 })).toMatchObject({ kind: 'violated', evidence: [2, 4] })
  })

  it('does not count what has not ended', () => {
    const trace = tools('xx')
    trace.call('tool:search', { input: 'pending' })
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('counts no error that came as a deceptive success, for the agent may have taken it for one', () => {
    const trace = new TraceBuilder()
    for (const input of ['1', '2', '3', '4']) {
      const crossing = trace.call('tool:search', { input })
      trace.fault(crossing, 'deceptive', {}, ['pretend']).ok(crossing, { error: 'not found' })
    }
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
    const broken = tools('xx')
    const between = broken.call('tool:search', { input: 'between' })
    broken.fault(between, 'deceptive', {}, ['pretend']).ok(between, { error: 'not found' })
    broken.fail(broken.call('tool:search', { input: 'third' }))
    broken.fail(broken.call('tool:search', { input: 'fourth' }))
    expect(judge(broken, { afterConsecutiveToolFailures: 3 })).toMatchObject({ kind: 'vacuous' })
  })

  it('counts neither model calls nor side effects', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) {
      trace.fail(trace.call('model:m', { input: String(n) }), 'transient')
      trace.fail(trace.call('effect:refund', { input: String(n) }), 'transient')
    }
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
  })

  it.each<[string, unknown]>([
    ['an object with an error', { error: 'not found' }],
    ['an object with an error type', { error_type: 'TIMEOUT', recoverable: true }],
    ['JSON in a text', '{"error":{"code":503}}'],
    ['the flag of the Model Context Protocol', { isError: true, content: [{ type: 'text', text: 'no' }] }],
    ['the flag of the Messages API', { is_error: true, content: 'no' }],
  ])('counts an error returned as a value: %s', (_name, output) => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:search', { input: '1' }), output)
    trace.ok(trace.call('tool:search', { input: '2' }))
    expect(judge(trace, { afterToolFailures: 1 })).toMatchObject({ kind: 'violated', evidence: [1, 2] })
  })

  it.each<[string, unknown]>([
    ['a field that says that there was none', { error: null, data: 1 }],
    ['an empty error', { error: '' }],
    ['a flag that is off', { isError: false, content: [] }],
    ['a text about errors', 'the error rate is low'],
    ['a text that only begins as JSON does', '{error rate: low}'],
    ['a list', [{ error: 'x' }]],
    ['nothing', null],
  ])('does not count what only sounds like one: %s', (_name, output) => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:search'), output)
    expect(judge(trace, { afterToolFailures: 1 })).toMatchObject({ kind: 'vacuous' })
  })
})

describe('the limit on tool failures in a row', () => {
  const limits = { afterConsecutiveToolFailures: 3 }

  it('begins anew after a success', () => {
    expect(judge(tools('xx.xx.xx'), limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('is kept exactly at the limit', () => {
    expect(judge(tools('xx.xxx'), limits)).toEqual({ kind: 'held' })
  })

  it('is broken by one call more', () => {
    expect(judge(tools('.xxxx'), limits)).toEqual({
      kind: 'violated',
      signature: 'consecutive-tool-failures',
      story: 'The agent called tool:search after 3 tool failures in a row.',
      evidence: [7, 8],
    })
  })

  it('does not count a failure that the agent may have counted earlier, when it gave the call up', () => {
    const trace = new TraceBuilder()
    const slow = trace.call('tool:slow')
    trace.at(16_000).ok(trace.call('tool:search', { input: '1' }))
    trace.at(20_000).fail(slow, 'transient')
    for (const input of ['2', '3']) trace.fail(trace.call('tool:search', { input }), 'transient')
    trace.ok(trace.call('tool:search', { input: '4' }))
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('is not reached by a success', () => {
    expect(judge(tools('...'), { afterConsecutiveToolFailures: 0 })).toMatchObject({ kind: 'vacuous' })
  })
})

describe('the limit on calls that lead nowhere', () => {
  const limits = { noProgress: 3 }

  /** Equal calls one after another, each answered with its letter; `x` fails. */
  function ask(answers: string, trace = new TraceBuilder(), input = '{"page":1}'): TraceBuilder {
    for (const answer of answers) {
      const crossing = trace.call('tool:search', { input })
      if (answer === 'x') trace.fail(crossing, 'transient')
      else trace.ok(crossing, answer)
    }
    return trace
  }

  it('is kept where the call is not made again', () => {
    expect(judge(ask('aaa'), limits)).toEqual({ kind: 'held' })
  })

  it('is broken by one equal call more, whatever comes of it', () => {
    expect(judge(ask('aaab'), limits)).toEqual({
      kind: 'violated',
      signature: 'no-progress',
      story: 'The agent called tool:search again after 3 equal answers to an equal call.',
      evidence: [5, 6],
    })
  })

  it.each([
    ['another answer', 'aabaab'],
    ['a failure', 'aaxaa'],
    ['failures alone, which other limits are for', 'xxxxx'],
  ])('is not reached with %s', (_name, answers) => {
    expect(judge(ask(answers), limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('is about equal calls: another input is progress', () => {
    expect(judge(ask('aa', ask('aa'), '{"page":2}'), limits)).toMatchObject({ kind: 'vacuous' })
    expect(judge(ask('aaa', ask('aaa'), '{"page":2}'), limits)).toEqual({ kind: 'held' })
  })

  it('is about calls in a row of their own, with others in between', () => {
    const trace = ask('a', ask('b', ask('a', ask('b', ask('a')), '{}'), '{}'))
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
    expect(judge(ask('aa', ask('b', ask('aa'), '{"page":2}')), limits)).toMatchObject({ kind: 'violated' })
  })

  it('does not count answers that came so late that the agent may have given them up', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) {
      const slow = trace.at(n * 30_000).call('tool:search')
      trace.at(n * 30_000 + 20_000).ok(slow, 'a')
    }
    expect(judge(trace, limits)).toMatchObject({ kind: 'vacuous' })
  })

  it('does not count answers that were false, but those with an instruction in them', () => {
    const [empty, poisoned] = [new TraceBuilder(), new TraceBuilder()]
    for (let n = 0; n < 4; n++) {
      const [nothing, reported] = [empty.call('tool:search'), poisoned.call('tool:search')]
      empty.fault(nothing, 'deceptive', {}, ['rewrite']).ok(nothing, [])
      poisoned.poison(reported).ok(reported, 'a')
    }
    expect(judge(empty, limits)).toMatchObject({ kind: 'vacuous' })
    expect(judge(poisoned, limits)).toMatchObject({ kind: 'violated' })
  })

  it('exempts calls in flight', () => {
    const trace = new TraceBuilder()
    const flight = Array.from({ length: 5 }, () => trace.call('tool:search'))
    for (const crossing of flight) trace.ok(crossing, 'a')
    expect(judge(trace, limits)).toEqual({ kind: 'held' })
  })
})

describe('a restart', () => {
  it('lets every count begin anew', () => {
    const trace = turns(2).restart()
    for (let n = 0; n < 2; n++) trace.turn()
    expect(judge(trace, { turns: 3 })).toMatchObject({ kind: 'vacuous' })
    for (const limits of [{ afterToolFailures: 3 }, { afterConsecutiveToolFailures: 3 }]) {
      const failures = tools('xx').restart()
      for (const input of ['a', 'b']) failures.fail(failures.call('tool:search', { input }), 'transient')
      expect(judge(failures, limits)).toMatchObject({ kind: 'vacuous' })
    }
  })

  it('does not take back what was broken before it, and counts the turn that it interrupted', () => {
    expect(judge(turns(4).restart(), { turns: 3 })).toMatchObject({ kind: 'violated' })
    const trace = new TraceBuilder()
    trace.call('model:m', { input: 'first' })
    trace.restart()
    for (const input of ['first', 'second']) trace.reply(trace.call('model:m', { input }))
    expect(judge(trace, { turns: 1 })).toMatchObject({ kind: 'violated' })
    expect(judge(trace, { turns: 2 })).toEqual({ kind: 'held' })
  })
})

describe('several limits', () => {
  it('are broken where one of them is', () => {
    expect(judge(tools('xx.'), { turns: 1, afterToolFailures: 2 })).toMatchObject({ signature: 'tool-failures' })
  })

  it('are held where one was reached and kept', () => {
    expect(judge(tools('xx'), { turns: 1, afterToolFailures: 2 })).toEqual({ kind: 'held' })
  })

  it('promise what was asked, and nothing where nothing was', () => {
    expect(breakerTrips({ turns: 2, afterToolFailures: 3 }).promise).toBe(
      'The agent stops itself: it takes at most 2 turns, and it calls no tool after 3 failed tool calls.',
    )
    expect(judge(tools('xxxxx'), {})).toMatchObject({ kind: 'vacuous' })
  })

  it('say which were not reached', () => {
    const dependencies = [
      { site: 'tool:search', trips: { kind: 'consecutive', failures: 9 }, resetAfterMs: 1_000 },
    ] as const
    const limits = { turns: 2, afterToolFailures: 3, afterConsecutiveToolFailures: 2, noProgress: 4, dependencies }
    expect(judge(tools('x'), limits)).toEqual({
      kind: 'vacuous',
      near: 0.5,
      because:
        'no limit was reached: 2 turns, 3 failed tool calls (it got to 1), 2 failed tool calls in a row (it got to 1), 4 equal answers, the breaker ' +
        'before tool:search',
    })
  })
})
