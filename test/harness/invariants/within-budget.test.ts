/** Proves that a budget is judged call by call, by what the agent could know when it made the call. */
import { type BudgetLimits, withinBudget } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder, limits: BudgetLimits) => withinBudget(limits).check(builder.build(), undefined)

const price = { input: 5, output: 25 }

/** One question after the other, each answered for so many tokens. */
function questions(...tokens: number[]): TraceBuilder {
  const trace = new TraceBuilder()
  for (const [n, count] of tokens.entries()) {
    trace.reply(trace.call('model:claude-opus-5-5', { input: String(n) }), '', { tokens: [count, 0], price })
  }
  return trace
}

const ask = (trace: TraceBuilder, input: string, model = 'claude-opus-5-5') => trace.call(`model:${model}`, { input })

describe('a budget of tokens', () => {
  it('is kept where nothing is asked once it is spent, and exceeded by the last answer', () => {
    expect(judge(questions(60, 60), { tokens: 100 })).toEqual({ kind: 'held' })
  })

  it('is broken by one question more, and both figures are told', () => {
    expect(judge(questions(60, 60, 5), { tokens: 100 })).toEqual({
      kind: 'violated',
      signature: 'tokens',
      story: 'The agent called model:claude-opus-5-5 when 120 tokens had been spent; 100 are allowed.',
      evidence: [3, 4],
    })
  })

  it('is reached by its last token', () => {
    expect(judge(questions(50, 50, 1), { tokens: 100 })).toMatchObject({ kind: 'violated', evidence: [3, 4] })
  })

  it('is not put to the test below it', () => {
    expect(judge(questions(60, 39), { tokens: 100 })).toEqual({
      kind: 'vacuous',
      because: 'no limit was reached: 100 tokens (it got to 99)',
      near: 0.99,
    })
  })

  it('counts what goes in and what comes out, of all models together', () => {
    const trace = new TraceBuilder()
    trace.reply(ask(trace, 'a'), '', { tokens: [30, 20] })
    trace.reply(ask(trace, 'b', 'other'), '', { tokens: [30, 20] })
    ask(trace, 'c')
    expect(judge(trace, { tokens: 100 })).toMatchObject({ kind: 'violated' })
  })

  it('exempts questions that were in flight when it was reached', () => {
    const trace = new TraceBuilder()
    const asked = ['a', 'b', 'c'].map((input) => ask(trace, input))
    for (const crossing of asked) trace.at(500).reply(crossing, '', { tokens: [90, 90] })
    expect(judge(trace, { tokens: 100 })).toEqual({ kind: 'held' })
  })

  it('exempts another flow that asks in the instant of the answer, and not one that asks later', () => {
    const beside = (at: number) => {
      const trace = new TraceBuilder()
      const [first, second] = [ask(trace, 'a'), ask(trace, 'b')]
      trace.at(500).reply(first, '', { tokens: [200, 0] })
      trace.at(at)
      ask(trace, 'c')
      return trace.at(900).reply(second)
    }
    expect(judge(beside(500), { tokens: 100 })).toEqual({ kind: 'held' })
    expect(judge(beside(501), { tokens: 100 })).toMatchObject({ kind: 'violated' })
  })

  it('exempts in that instant as many questions as there were other flows, and no more', () => {
    const trace = new TraceBuilder()
    const [first, second] = [ask(trace, 'a'), ask(trace, 'b')]
    trace.at(500).reply(first, '', { tokens: [200, 0] })
    ask(trace, 'c')
    ask(trace, 'd')
    expect(judge(trace.at(900).reply(second), { tokens: 100 })).toMatchObject({ kind: 'violated' })
  })

  it('does not count an answer that broke off, for nobody was told what it cost', () => {
    const trace = new TraceBuilder()
    trace.breakOff(ask(trace, 'a'), 'half', { tokens: [500, 0] })
    trace.reply(ask(trace, 'a'))
    expect(judge(trace, { tokens: 100 })).toMatchObject({ kind: 'vacuous' })
  })

  it('has nothing against tools, which spend none', () => {
    const trace = questions(120)
    trace.ok(trace.call('tool:look'))
    expect(judge(trace, { tokens: 100 })).toEqual({ kind: 'held' })
  })

  it('begins anew in a restarted agent, whose count is gone', () => {
    const trace = questions(120).restart()
    ask(trace, 'again')
    expect(judge(trace, { tokens: 100 })).toEqual({ kind: 'held' })
  })
})

describe('a restarted agent', () => {
  it('is held to the budget by what it counts itself', () => {
    const trace = new TraceBuilder().at(5_000).restart()
    trace.reply(ask(trace, 'a'), '', { tokens: [200, 0] })
    ask(trace.at(16_000), 'b')
    expect(judge(trace, { tokens: 100 })).toMatchObject({ kind: 'violated', signature: 'tokens' })
    expect(judge(trace, { seconds: 10 })).toMatchObject({ kind: 'violated', signature: 'seconds' })
  })
})

describe('a budget of dollars', () => {
  it("goes by the provider's price of the model", () => {
    const limits = { usd: 0.5 }
    expect(judge(questions(99_000), limits)).toMatchObject({ kind: 'vacuous' })
    expect(judge(questions(100_000), limits)).toEqual({ kind: 'held' })
    expect(judge(questions(100_000, 1), limits)).toMatchObject({
      kind: 'violated',
      signature: 'usd',
      story: 'The agent called model:claude-opus-5-5 when 0.5 usd had been spent; 0.5 are allowed.',
    })
  })

  it('goes by the price that it is given before that of the list', () => {
    const trace = new TraceBuilder()
    trace.reply(ask(trace, 'a', 'mystery-1'), '', { tokens: [500_000, 0] })
    ask(trace, 'b', 'mystery-1')
    const judgePriced = (input: number) => judge(trace, { usd: 1, prices: { mystery: { input, output: 0 } } })
    expect([judgePriced(2).kind, judgePriced(1).kind]).toEqual(['violated', 'vacuous'])
  })

  it('cannot be judged where no price is known, and is not judged where nothing was answered', () => {
    const trace = new TraceBuilder()
    expect(judge(trace, { usd: 1 })).toMatchObject({ kind: 'vacuous' })
    trace.reply(ask(trace, 'a', 'mystery-1'))
    expect(judge(trace, { usd: 1 })).toEqual({
      kind: 'inconclusive',
      because: 'no price is known of the model "mystery-1"',
    })
  })

  it('does not hide another limit that is broken', () => {
    const trace = new TraceBuilder()
    for (const input of ['a', 'b']) trace.reply(ask(trace, input, 'mystery-1'))
    expect(judge(trace, { usd: 1, turns: 1 })).toMatchObject({ kind: 'violated', signature: 'turns' })
  })
})

describe('a budget of turns and calls', () => {
  const retryOnce = () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 3; n++) trace.fail(ask(trace, 'a'), 'transient')
    return trace.reply(ask(trace, 'a'))
  }

  it('counts retries of a question as requests to the model, and not as turns', () => {
    expect(judge(retryOnce(), { turns: 1 })).toEqual({ kind: 'held' })
    expect(judge(retryOnce(), { modelCalls: 4 })).toEqual({ kind: 'held' })
    expect(judge(retryOnce(), { modelCalls: 3 })).toEqual({
      kind: 'violated',
      signature: 'modelCalls',
      story: 'The agent called model:claude-opus-5-5 when 3 requests to the model had been spent; 3 are allowed.',
      evidence: [6],
    })
  })

  it('counts a question that failed at one model and is asked of another as one turn, and as two requests', () => {
    const trace = new TraceBuilder()
    trace.fail(ask(trace, 'a'), 'definite')
    trace.reply(ask(trace, 'a', 'gpt-5.1'))
    expect(judge(trace, { turns: 1 })).toEqual({ kind: 'held' })
    expect(judge(trace, { modelCalls: 1 })).toMatchObject({ kind: 'violated', signature: 'modelCalls' })
    expect(trace.build().spend).toMatchObject({ turns: 1, modelCalls: 2 })
  })

  it('counts every try of a tool, and not what happens inside it', () => {
    const trace = new TraceBuilder()
    const first = trace.call('tool:pay')
    trace.ok(trace.call('effect:pay', { parent: first })).fail(first, 'transient')
    trace.ok(trace.call('tool:pay'))
    expect(judge(trace, { toolCalls: 3 })).toMatchObject({ kind: 'vacuous' })
    expect(judge(trace, { toolCalls: 2 })).toEqual({ kind: 'held' })
    expect(judge(trace, { toolCalls: 1 })).toMatchObject({ kind: 'violated', signature: 'toolCalls', evidence: [4] })
  })

  it('counts in every attempt by itself', () => {
    const trace = questions(1, 1).restart()
    trace.reply(ask(trace, 'c'))
    expect(judge(trace, { turns: 2 })).toEqual({ kind: 'held' })
  })
})

describe('a budget of seconds', () => {
  const lateCall = (at: number, site = 'tool:look') => {
    const trace = new TraceBuilder()
    trace.reply(ask(trace, 'a'))
    trace.at(at)
    trace.ok(trace.call(site))
    return trace.claim('success')
  }

  it('is kept by an agent that begins nothing any more, however long it takes to end', () => {
    const trace = new TraceBuilder()
    const slow = trace.at(9_000).call('tool:look')
    trace.at(60_000).ok(slow).claim('failure')
    expect(judge(trace, { seconds: 10 })).toEqual({ kind: 'held' })
  })

  it('is broken by a call that begins later, of a tool or of the model', () => {
    expect(judge(lateCall(12_500), { seconds: 10 })).toEqual({
      kind: 'violated',
      signature: 'seconds',
      story: 'The agent called tool:look when 12.5 seconds had been spent; 10 are allowed.',
      evidence: [2],
    })
    expect(judge(lateCall(12_500, 'model:m'), { seconds: 10 })).toMatchObject({ kind: 'violated' })
  })

  it('is not broken in the instant in which it is up', () => {
    expect(judge(lateCall(10_000), { seconds: 10 })).toMatchObject({ kind: 'vacuous' })
  })

  it('does not look at what the world still does when the agent has answered', () => {
    const trace = new TraceBuilder()
    const paid = trace.call('effect:pay')
    trace.claim('failure').at(600_000).effect(paid)
    expect(judge(trace, { seconds: 10 })).toMatchObject({ kind: 'vacuous' })
  })

  it('begins anew in a restarted agent', () => {
    const trace = questions(1)
    trace.at(9_000).restart().at(18_000)
    trace.ok(trace.call('tool:look'))
    expect(judge(trace, { seconds: 10 })).toMatchObject({ kind: 'vacuous' })
  })
})

describe('without a limit', () => {
  it('nothing is judged', () => {
    expect(judge(questions(1_000_000), {})).toEqual({ kind: 'vacuous', because: 'no limit was given' })
  })
})
