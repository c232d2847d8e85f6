/** Proves that retries are counted over all layers, and that nothing else is taken for one. */
import { type AmplificationOptions, retryAmplificationBounded } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: AmplificationOptions) =>
  retryAmplificationBounded(options).check(trace.build(), undefined)

/** A call that fails `times` in a row. */
function failing(trace: TraceBuilder, times: number, site = 'tool:pay', input = '{}'): TraceBuilder {
  for (let n = 0; n < times; n++) trace.fail(trace.call(site, { input }), 'transient')
  return trace
}

/** Tries of a tool, and in each of them tries of a request, all of which fail. */
function nest(tries: number, requests: number, actions: readonly 'repeat'[] = []): TraceBuilder {
  const trace = new TraceBuilder()
  for (let n = 0; n < tries; n++) {
    const outer = trace.call('tool:pay')
    if (actions.length > 0) trace.fault(outer, 'indeterminate', {}, actions)
    for (let m = 0; m < requests; m++) {
      trace.fail(trace.call('http:POST pay.example.com', { parent: outer }), 'transient')
    }
    trace.fail(outer, 'transient')
  }
  return trace
}

describe('the requests of one call', () => {
  it('are bounded, and the story says how many there were', () => {
    expect(judge(failing(new TraceBuilder(), 12))).toEqual({
      kind: 'violated',
      signature: 'tool:pay',
      story: 'One call of tool:pay came to 12 requests; 5 are allowed.',
      evidence: [0, 10],
    })
  })

  it('may be as many as are allowed', () => {
    expect(judge(failing(new TraceBuilder(), 5))).toEqual({ kind: 'held' })
    expect(judge(failing(new TraceBuilder(), 5), { requests: 4 })).toMatchObject({ kind: 'violated' })
    expect(judge(failing(new TraceBuilder(), 12), { requests: 12 })).toEqual({ kind: 'held' })
  })

  const askedTimes = (times: number, calls: number) => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m'), '', { toolCalls: Array.from({ length: times }, () => 'pay {"n":1}') })
    return judge(failing(trace, calls, 'tool:pay', '{"n":1}'), { requests: 3 })
  }

  it('may be as many for each time that the model asked in one answer', () => {
    expect(askedTimes(2, 6)).toEqual({ kind: 'held' })
  })

  const holdTwice = (toolCalls: readonly string[], calls: number) => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m'), '', { toolCalls })
    return judge(failing(trace, calls, 'http:POST rail/holds', '{"seat":1}'), { requests: 3 })
  }

  it('may be as many where they are requests of a tool that runs unseen', () => {
    expect(holdTwice(['hold {"n":1}', 'hold {"n":1}'], 6)).toEqual({ kind: 'held' })
  })

  it('may be as many where the agent keeps to what it sent first, though the model asks twice in other words', () => {
    const inOtherWords = (calls: number, toolCalls: readonly string[]) => {
      const trace = new TraceBuilder()
      trace.reply(trace.call('model:m'), '', { toolCalls })
      return judge(failing(trace, calls, 'tool:pay', '{"n":1}'), { requests: 3 })
    }
    const twice = ['pay {"n":"one"}', 'pay {"n":"one"}']
    expect(inOtherWords(6, twice)).toEqual({ kind: 'held' })
    expect(inOtherWords(7, twice)).toMatchObject({ kind: 'violated' })
    expect(inOtherWords(4, ['pay {"n":"one"}', 'pay {"n":"uno"}'])).toMatchObject({ kind: 'violated' })
    expect(inOtherWords(4, ['look {}', 'look {}'])).toMatchObject({ kind: 'violated' })
  })

  it('are bounded for each of them', () => {
    expect(askedTimes(2, 7)).toMatchObject({ kind: 'violated', evidence: [2, 14] })
    expect(askedTimes(1, 4)).toMatchObject({ kind: 'violated' })
    expect(holdTwice(['hold {"n":1}', 'hold {"n":1}'], 7)).toMatchObject({ kind: 'violated', evidence: [2, 14] })
    expect(holdTwice(['hold {"n":1}', 'hold {"n":2}'], 4)).toMatchObject({ kind: 'violated' })
  })

  it('are not put to the test without a retry', () => {
    const trace = new TraceBuilder()
    trace.turn().ok(trace.call('tool:pay'))
    expect(judge(failing(trace, 1))).toEqual({ kind: 'vacuous', because: 'no call was tried again' })
  })

  it('multiply where a tool and its client both retry', () => {
    expect(judge(nest(3, 3))).toEqual({
      kind: 'violated',
      signature: 'http:POST pay.example.com in tool:pay',
      story: 'One call of tool:pay came to 9 requests to http:POST pay.example.com; 5 are allowed.',
      evidence: [1, 13],
    })
    expect(judge(nest(2, 2))).toEqual({ kind: 'held' })
  })

  it('to the model are counted too', () => {
    expect(judge(failing(new TraceBuilder(), 7, 'model:m'))).toMatchObject({ kind: 'violated', signature: 'model:m' })
  })

  it('tell of the call that came to the most', () => {
    const trace = failing(failing(new TraceBuilder(), 6, 'tool:look'), 8)
    expect(judge(trace)).toMatchObject({ signature: 'tool:pay' })
  })

  it('are counted at the sites that are named, which may be those inside a tool', () => {
    const trace = failing(nest(3, 3), 7, 'tool:look')
    expect(judge(trace, { sites: ['http:*'] })).toMatchObject({ signature: 'http:POST pay.example.com in tool:pay' })
    expect(judge(trace, { sites: ['tool:pay'] })).toEqual({ kind: 'held' })
    expect(judge(trace, { sites: ['model:*'] })).toMatchObject({ kind: 'vacuous' })
    expect(() => retryAmplificationBounded({ sites: ['pay'] })).toThrow('is no site')
  })
})

describe('what is no retry', () => {
  it('is the model asking again', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) failing(trace.turn(), 3)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is the model asking again while the call is not yet over that the agent gave up', () => {
    const retryLate = (waitedMs: number) => {
      const trace = new TraceBuilder()
      for (let n = 0; n < 8; n++) {
        failing(trace.at(n * 20_000), 1)
        const slow = trace.call('tool:pay')
        trace.at(n * 20_000 + waitedMs).turn()
        trace.at(n * 20_000 + 10_000).fail(slow, 'indeterminate')
      }
      return judge(trace)
    }
    expect(retryLate(8_000)).toEqual({ kind: 'held' })
    // So soon nobody has given it up, and who asked the model was somebody else.
    expect(retryLate(10)).toMatchObject({ kind: 'violated', signature: 'tool:pay' })
  })

  it('is what the agent does itself while a call is still at work that it gave up', () => {
    const beside = (ms: number) => {
      const trace = new TraceBuilder()
      const slow = trace.call('tool:pay')
      for (let n = 1; n <= 4; n++) {
        trace.at((n * ms) / 5).turn()
        for (let m = 0; m < 2; m++) trace.fail(trace.call('file:journal', { parent: slow }), 'indeterminate')
      }
      return judge(trace.at(ms).fail(slow, 'indeterminate'))
    }
    expect(beside(70_000)).toEqual({ kind: 'held' })
    expect(beside(500)).toMatchObject({ kind: 'violated', signature: 'file:journal in tool:pay' })
  })

  it('is another task that asks for the same when something else was done', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) failing(trace, 3).ok(trace.call('tool:escalate', { input: String(n) }))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is nothing that failed as well in between, or was under way all the time', () => {
    const trace = new TraceBuilder()
    const beside = trace.call('tool:slow')
    for (let n = 0; n < 7; n++) failing(failing(trace, 1), 1, 'tool:other', String(n))
    expect(judge(trace.ok(beside))).toMatchObject({ kind: 'violated', signature: 'tool:pay' })
  })

  it('is a start after a crash', () => {
    const trace = new TraceBuilder()
    for (let attempt = 2; attempt < 6; attempt++) failing(trace, 3).restart(attempt)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is not what comes after the start: that is counted', () => {
    expect(judge(failing(failing(new TraceBuilder(), 1).restart(), 12))).toMatchObject({ kind: 'violated' })
  })

  it('is what the network delivered twice', () => {
    expect(judge(nest(1, 9, ['repeat']))).toMatchObject({ kind: 'vacuous' })
  })

  it('is a tool that makes many different requests, or polls', () => {
    const trace = new TraceBuilder()
    for (let attempt = 0; attempt < 2; attempt++) {
      const report = trace.call('tool:report')
      for (let page = 0; page < 9; page++) {
        trace.ok(trace.call('http:GET api.example.com', { parent: report, input: String(page) }))
        trace.ok(trace.call('http:GET api.example.com/status', { parent: report }), page)
      }
      if (attempt === 0) trace.fail(report, 'transient')
      else trace.ok(report)
    }
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is an equal call beside it', () => {
    const trace = new TraceBuilder()
    const calls = Array.from({ length: 9 }, () => trace.call('tool:look'))
    for (const call of calls) trace.ok(call)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})
