/** Proves that captured spans are compared with their calls: own, finished, in one trace, with the right status. */
import { traceComplete } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder) => traceComplete().check(trace.build(), undefined)
const held = { kind: 'held' }

/** The agent asks, is told to search, searches and answers; spans are added by the test. */
class Run extends TraceBuilder {
  ask(from: number, to: number, toolCalls: readonly string[] = [], text = ''): this {
    const question = this.at(from).call('model:m', { input: `question at ${from}` })
    return this.at(to).reply(question, text, { toolCalls })
  }

  search(from: number, to: number, input = '{"q":1}'): this {
    const run = this.at(from).call('tool:search', { input })
    return this.at(to).ok(run)
  }
}

const toolCalls = ['search {"q":1}']

/** A whole run with every span that it should have, below `invoke_agent`, which is number 0. */
function wellTraced(): Run {
  const run = new Run()
  run.ask(0, 500, toolCalls).spanNumbered(1, 'chat m', 0, { parent: 0 })
  run.search(500, 600).spanNumbered(2, 'execute_tool search', 500, { parent: 0 })
  run.ask(600, 1_100, [], 'done').spanNumbered(3, 'chat m', 600, { parent: 0 })
  return run
}

describe('a run', () => {
  it('is held with a span for each call below one root', () => {
    const run = wellTraced()
    run.spanNumbered(0, 'invoke_agent a', 0).claim('success')
    expect(judge(run)).toEqual(held)
  })

  it('asks for spans of the trial', () => {
    expect(traceComplete().needs).toEqual(['spans'])
    expect(traceComplete({ spans: () => [] }).needs).toEqual([])
  })

  it('is violated where no span came at all', () => {
    const run = new Run().ask(0, 500)
    expect(judge(run.claim('success'))).toEqual({
      kind: 'violated',
      signature: 'untraced',
      story: 'Calls ended, and not one span of them came through the global API of OpenTelemetry.',
      evidence: [0, 1],
    })
  })

  it('is vacuous where nothing ended that a span could be asked for', () => {
    const run = new Run()
    run.call('model:m')
    expect(judge(run)).toMatchObject({ kind: 'vacuous' })
  })

  it('does not mind where the wall clock goes: spans are in virtual time', () => {
    const run = new Run()
    const question = run.call('model:m')
    run.fault(question, 'resource', {}, ['clock-jump']).at(500).reply(question)
    expect(judge(run.span('chat m', 0).claim('success'))).toEqual(held)
  })
})

describe('a span of its own', () => {
  it.each(['repeat', 'late'] as const)('is not asked for a run that the world made by itself: %s', (action) => {
    const searchTwice = (action?: 'repeat' | 'late') => {
      const run = new Run()
      const asked = run.call('tool:search', { input: '{"q":1}' })
      if (action) run.fault(asked, 'indeterminate', {}, [action])
      return run.at(100).ok(asked).span('execute_tool search', 0).search(200, 300).claim('success')
    }
    expect(judge(searchTwice(action))).toEqual(held)
    expect(judge(searchTwice())).toMatchObject({ signature: 'missing:tool:search' })
  })

  it('ends after its call, also where no time passes', () => {
    const early = new Run()
    const run = early.call('tool:search')
    early.span('execute_tool search', 0).ok(run).claim('success')
    expect(judge(early)).toEqual({
      kind: 'violated',
      signature: 'missing:tool:search',
      story: "A call to tool:search has no finished span of its own in the agent's trace.",
      evidence: [0, 2],
    })
    expect(judge(new Run().search(0, 0).span('execute_tool search', 0).claim('success'))).toEqual(held)
  })

  it('says what it is', () => {
    const run = new Run().search(0, 10)
    const story =
      'A call to tool:search has no finished span of its own in the agent\'s trace; "doing search" around it does not ' +
      'say what it is, in gen_ai.operation.name.'
    expect(judge(run.span('doing search', 0).claim('success'))).toMatchObject({
      signature: 'missing:tool:search',
      story,
    })
  })

  it.each(['chat', 'generate_content', 'text_completion'])('may call a question to a model %s', (operation) => {
    const attributes = { 'gen_ai.operation.name': operation, 'gen_ai.request.model': 'm' }
    expect(judge(new Run().ask(0, 500).span('anything', 0, { attributes }).claim('success'))).toEqual(held)
  })

  it('is due to each run that the model asked for, and to each question', () => {
    const twice = () => {
      const run = new Run().ask(0, 500, ['search {"q":1}', 'search {"q":2}'])
      run.span('chat m', 0)
      const [first, second] = [
        run.call('tool:search', { input: '{"q":1}' }),
        run.call('tool:search', { input: '{"q":2}' }),
      ]
      return run.at(900).ok(first).ok(second)
    }
    const shared = twice().span('execute_tool search', 500)
    expect(judge(shared.claim('success'))).toMatchObject({ signature: 'missing:tool:search' })
    const own = twice().span('execute_tool search', 500, { parent: 0 }).span('execute_tool search', 500, { parent: 0 })
    expect(judge(own.claim('success'))).toEqual(held)
  })

  it('may hold several runs for one ask, and one question that is put again', () => {
    const pages = new Run().ask(0, 500, toolCalls).span('chat m', 0)
    const run = pages
    run.search(500, 600, '{"q":1,"page":1}').search(600, 700, '{"q":1,"page":2}')
    expect(judge(run.span('execute_tool search', 500, { parent: 0 }).claim('success'))).toEqual(held)
    const again = new TraceBuilder()
    for (const at of [0, 500]) again.at(at + 400).reply(again.at(at).call('model:m', { input: 'same' }))
    expect(judge(again.span('chat m', 0).claim('success'))).toEqual(held)
  })
})

describe('a failed call', () => {
  const failing = (site: string, error = {}) => {
    const run = new Run()
    const crossing = run.call(site)
    return run.at(100).fail(crossing, 'transient', error)
  }
  const status = 'error'
  const attributes = { 'error.type': '503' }

  it('is marked with an error, and what kind of error', () => {
    expect(judge(failing('tool:search').span('execute_tool search', 0).claim('failure'))).toEqual({
      kind: 'violated',
      signature: 'unmarked:tool:search',
      story: "A call to tool:search failed, and its span in the agent's trace does not say so.",
      evidence: [0, 1],
    })
    expect(judge(failing('tool:search').span('execute_tool search', 0, { status }).claim('failure'))).toMatchObject({
      signature: 'untyped:tool:search',
    })
    expect(judge(failing('model:m').span('chat m', 0, { status, attributes }).claim('failure'))).toEqual(held)
  })

  it('is not where it was tried again within the span and went well', () => {
    const run = failing('model:m')
    run.at(500).reply(run.at(200).call('model:m'))
    expect(judge(run.span('chat m', 0).claim('success'))).toEqual(held)
  })

  it.each([
    ['the client called it off', { name: 'AbortError', message: 'the client gave up waiting' }],
    ['no answer came, and the client called it off', { name: 'ConnectionError', message: 'silence' }],
    ['the stream ended as a whole one does', { name: 'CutAnswer', message: 'the answer was cut: clean-end' }],
  ])('need not be where %s', (_how, error) => {
    expect(judge(failing('model:m', error).span('chat m', 0).claim('failure'))).toEqual(held)
  })
})

describe('a call that went well', () => {
  const status = 'error'
  const attributes = { 'error.type': '500', 'gen_ai.tool.call.id': 'toolu_1' }
  const resultsOf = (text: string, failed = false) => [{ id: 'toolu_1', failed, text }]

  it('must not say error where the model was told that it worked', () => {
    const run = (results: ReturnType<typeof resultsOf>) => {
      const trace = new Run().search(0, 10)
      trace.span('execute_tool search', 0, { status, attributes })
      trace.at(500).reply(trace.at(10).call('model:m', { results }))
      return trace.span('chat m', 10, { parent: 0 }).claim('success')
    }
    expect(judge(run(resultsOf('found')))).toEqual({
      kind: 'violated',
      signature: 'mismarked:tool:search',
      story: 'A call to tool:search went well and was acted on, yet its span says that it failed.',
      evidence: [0, 1, 2],
    })
    expect(judge(run(resultsOf('of no use', true)))).toEqual(held)
    expect(judge(run(resultsOf('The search failed for reasons of its own.')))).toEqual(held)
  })

  it('must not where the agent did as the model said', () => {
    const run = new Run().ask(0, 500, toolCalls)
    run.span('chat m', 0, { status, attributes })
    run.search(500, 600).span('execute_tool search', 500, { parent: 0 }).claim('success')
    expect(judge(run)).toMatchObject({ signature: 'mismarked:model:m' })
  })

  it('must not where its words are the answer', () => {
    const answer = (result: string) =>
      new Run().ask(0, 500, [], 'All done.').span('chat m', 0, { status, attributes }).claim('success', result)
    expect(judge(answer('All done.'))).toMatchObject({ signature: 'mismarked:model:m' })
    expect(judge(answer('something else'))).toEqual(held)
  })

  it('may where the agent found fault with it: it asked again, or struck out for itself', () => {
    const run = new Run().ask(0, 500, toolCalls)
    run.span('chat m', 0, { status, attributes })
    run.ask(500, 1_000, toolCalls).span('chat m', 500, { parent: 0 })
    run.search(1_000, 1_100).span('execute_tool search', 1_000, { parent: 0 })
    expect(judge(run.claim('success'))).toEqual(held)
  })
})

describe('one trace', () => {
  it('is broken by a span that stands alone', () => {
    const run = new Run().ask(0, 500, toolCalls).spanNumbered(1, 'chat m', 0, { parent: 0 })
    run.search(500, 600).spanNumbered(2, 'execute_tool search', 500, { trace: 1 })
    expect(judge(run.spanNumbered(0, 'invoke_agent a', 0).claim('success'))).toEqual({
      kind: 'violated',
      signature: 'scattered:tool:search',
      story: 'A call to tool:search has its span in a trace apart from the rest of the work.',
      evidence: [3, 4, 5],
    })
  })

  it('is broken where every call has a trace of its own', () => {
    const run = new Run().ask(0, 500).span('chat m', 0, { trace: 0 })
    run.ask(500, 900).span('chat m', 500, { trace: 1 })
    expect(judge(run.claim('success'))).toMatchObject({ signature: 'scattered:model:m' })
  })

  it('is broken by a span above that never ends', () => {
    expect(judge(wellTraced().claim('success'))).toMatchObject({
      signature: 'orphaned:model:m',
      story: 'A call to model:m has its span below one that never ended, so that no trace shows where it belongs.',
    })
  })

  it('may be one for each task, below an agent or whatever else holds the calls of a task together', () => {
    const tasks = (root: string, rest = '') => {
      const run = new Run()
      for (const [task, at] of [0, 1_000].entries()) {
        const number = task * 10
        run.ask(at, at + 500).spanNumbered(number + 1, 'chat m', at, { parent: number, trace: task })
        run.spanNumbered(number, root, at, { trace: task })
      }
      if (rest) run.ask(2_000, 2_100).spanNumbered(30, 'chat m', 2_000, { parent: 29, trace: 3 })
      if (rest) run.spanNumbered(29, rest, 2_000, { trace: 3 })
      return run.claim('success')
    }
    expect(judge(tasks('invoke_agent a'))).toEqual(held)
    expect(judge(tasks('ticket'))).toEqual(held)
    // Where agents have spans, what stands outside all of them was lost on the way.
    expect(judge(tasks('invoke_agent a', 'something'))).toMatchObject({ signature: 'scattered:model:m' })
  })

  it('is asked for each attempt: a restart begins another one', () => {
    const run = wellTraced().restart()
    run.at(2_000).reply(run.call('model:m', { input: 'again' }))
    run
      .spanNumbered(11, 'chat m', 1_100, { parent: 10, trace: 1 })
      .spanNumbered(10, 'invoke_agent a', 1_100, { trace: 1 })
    expect(judge(run.claim('success'))).toEqual(held)
  })

  it('is not missed where the agent never answered, or had something in flight', () => {
    const stuck = wellTraced()
    stuck.call('tool:search', { input: '{"q":9}' })
    expect(judge(stuck)).toEqual(held)
    expect(judge(stuck.claim('success'))).toEqual(held)
  })
})

describe('an attempt that was cut short', () => {
  /** Two attempts at a question; the second may go well. */
  const retry = (ends: 'well' | 'badly') => {
    const run = new TraceBuilder()
    run.at(100).fail(run.call('model:m', { input: 'one' }), 'transient')
    const again = run.at(200).call('model:m', { input: 'one' })
    return ends === 'well' ? run.at(300).reply(again) : run.at(300).fail(again, 'transient')
  }

  it('excuses a question that was tried again, for its span may have been open', () => {
    expect(judge(retry('badly').restart())).toMatchObject({ kind: 'vacuous' })
    expect(judge(retry('well').restart())).toMatchObject({ kind: 'vacuous' })
  })

  it('judges one that was answered before something else was asked, with what its span held', () => {
    const traced = retry('well').span('chat m', 0)
    traced.call('model:m', { input: 'two' })
    expect(judge(traced.restart())).toEqual(held)
    const untraced = retry('well').span('chat other', 0)
    untraced.call('model:m', { input: 'two' })
    expect(judge(untraced.restart())).toMatchObject({ signature: 'missing:model:m' })
  })

  it('judges a failed tool where the model was told of a failure', () => {
    const run = (failed: boolean) => {
      const trace = new TraceBuilder().span('invoke_agent other', 0)
      trace.at(100).fail(trace.call('tool:search'), 'transient')
      trace.at(200).call('model:m', { results: [{ id: 'toolu_1', failed, text: 'x' }] })
      return trace.restart()
    }
    expect(judge(run(true))).toMatchObject({ signature: 'missing:tool:search' })
    expect(judge(run(false))).toMatchObject({ kind: 'vacuous' })
  })

  it('excuses what ended beside another flow in the instant in which that one went on', () => {
    const trace = new TraceBuilder().span('invoke_agent other', 0)
    const [one, two] = [trace.call('tool:search'), trace.call('tool:fetch')]
    trace.at(100).ok(one).ok(two).call('model:m')
    expect(judge(trace.restart())).toMatchObject({ kind: 'vacuous' })
  })
})
