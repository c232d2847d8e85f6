/** Proves that each model call and tool run needs a finished span of its own, and that crashes excuse what they cut off. */
import { type SpanFacts, traceComplete } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { trialEpochMs } from '../../../harness/invariants/reading/wall-time.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

/** By the spans that an agent keeps itself. */
const kept = traceComplete({ spans: (state) => (state as { spans?: readonly SpanFacts[] } | null | undefined)?.spans })
const judge = (trace: TraceBuilder, spans: unknown) => kept.check(trace.build(), { spans })

const span = (startMs: number, endMs: number | null, given: Partial<SpanFacts> = {}): SpanFacts => ({
  name: 'chat m',
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
  startMs,
  endMs,
  status: 'unset',
  ...given,
})
const toolSpan = (startMs: number, endMs: number | null, given: Partial<SpanFacts> = {}): SpanFacts => ({
  ...span(startMs, endMs, given),
  name: 'execute_tool search',
  attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search', ...given.attributes },
})

/** A call from one time to another; `transient` fails. */
function call(site: string, from: number, to: number, how: 'ok' | 'transient' = 'ok', trace = new TraceBuilder()) {
  const crossing = trace.at(from).call(site, { input: `${from}` })
  trace.at(to)
  return how === 'ok' ? trace.ok(crossing) : trace.fail(crossing, how)
}

describe('a model call', () => {
  const turn = () => call('model:m', 100, 600).claim('success')

  it('is held with a finished span around it, in time since the start or by the wall clock', () => {
    expect(judge(turn(), [span(100, 600)])).toEqual({ kind: 'held' })
    expect(judge(turn(), [span(trialEpochMs + 99.5, trialEpochMs + 600)])).toEqual({ kind: 'held' })
  })

  it('is violated without one', () => {
    expect(judge(turn(), [])).toEqual({
      kind: 'violated',
      signature: 'missing:model:m',
      story: "A call to model:m has no finished span of its own in the agent's trace.",
      evidence: [0, 1],
    })
  })

  it.each<[string, SpanFacts]>([
    ['that never ended', span(100, null)],
    ['that ended before the answer', span(100, 400)],
    ['that began after the call', span(200, 600)],
    [
      'of another model',
      span(100, 600, { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'x' } }),
    ],
    ['of another operation', toolSpan(100, 600)],
    ['without the operation', span(100, 600, { attributes: {} })],
  ])('is violated with a span %s', (_name, given) => {
    expect(judge(turn(), [given])).toMatchObject({ kind: 'violated', signature: 'missing:model:m' })
  })

  it('needs a span of its own: two answers are two calls', () => {
    const two = call('model:m', 700, 900, 'ok', call('model:m', 100, 600)).claim('success')
    expect(judge(two, [span(0, 1_000)])).toMatchObject({ kind: 'violated' })
    expect(judge(two, [span(0, 1_000), span(100, 600)])).toEqual({ kind: 'held' })
  })

  it('shares one span with its failed attempts', () => {
    const retried = call('model:m', 700, 900, 'ok', call('model:m', 100, 600, 'transient')).claim('success')
    expect(judge(retried, [span(100, 900)])).toEqual({ kind: 'held' })
  })

  it('is marked where all of its attempts failed', () => {
    const failCall = () => call('model:m', 100, 600, 'transient').claim('failure')
    expect(judge(failCall(), [span(100, 600)])).toEqual({
      kind: 'violated',
      signature: 'unmarked:model:m',
      story: "A call to model:m failed, and its span in the agent's trace does not say so.",
      evidence: [0, 1],
    })
    expect(judge(failCall(), [span(100, 600, { status: 'error' })])).toEqual({ kind: 'held' })
  })
})

describe('a tool run', () => {
  /** The model asks twice in one answer, and the tool runs at 700 and at 800. */
  const askedTwice = (first: unknown) => {
    const trace = new TraceBuilder()
    const ask = 'search {"q":1}'
    trace.at(600).reply(trace.at(100).call('model:m'), '', { toolCalls: [ask, ask] })
    const run = (at: number, output: unknown) =>
      trace.at(at).ok(trace.call('tool:search', { input: '{"q":1}' }), output)
    run(700, first)
    return run(800, 'found').claim('success')
  }
  const spans = [span(100, 600), toolSpan(700, 900), toolSpan(900, 901)]

  it('that answered with an error may share the span with the run that followed, though the model asked twice', () => {
    expect(judge(askedTwice({ error: { type: 'internal_error' } }), spans)).toEqual({ kind: 'held' })
  })

  it('that was given up may share the span with the run that followed, and one beside it may not', () => {
    const askedTwiceAt = (secondAt: number) => {
      const trace = new TraceBuilder()
      const ask = 'search {"q":1}'
      trace.at(0).reply(trace.call('model:m'), '', { toolCalls: [ask, ask] })
      const slow = trace.at(100).call('tool:search', { input: '{"q":1}' })
      const again = trace.at(secondAt).call('tool:search', { input: '{"q":1}' })
      return trace.at(20_000).ok(slow).ok(again).claim('success')
    }
    const around = [span(0, 0), toolSpan(100, 20_000)]
    expect(judge(askedTwiceAt(15_000), around)).toEqual({ kind: 'held' })
    expect(judge(askedTwiceAt(100), around)).toMatchObject({ kind: 'violated', signature: 'missing:tool:search' })
  })

  it('that may have come too late may share it too, and one that the agent went on with may not', () => {
    /** The first answer comes at 20 s, and the agent calls a tool at `nextAt`; the second run begins at 40 s. */
    const askedTwiceAndThen = (nextAt: number) => {
      const trace = new TraceBuilder()
      const ask = 'search {"q":1}'
      trace.at(0).reply(trace.call('model:m'), '', { toolCalls: [ask, ask] })
      const slow = trace.at(100).call('tool:search', { input: '{"q":1}' })
      trace.at(20_000).ok(slow)
      trace.at(nextAt).ok(trace.call('http:note'))
      const again = trace.at(40_000).call('tool:search', { input: '{"q":1}' })
      return trace.at(40_100).ok(again).claim('success')
    }
    const around = [span(0, 0), toolSpan(100, 40_100)]
    expect(judge(askedTwiceAndThen(30_000), around)).toEqual({ kind: 'held' })
    expect(judge(askedTwiceAndThen(20_000), around)).toMatchObject({ signature: 'missing:tool:search' })
  })

  it('that went well may not: two asks are two pieces of work', () => {
    expect(judge(askedTwice('found'), spans)).toMatchObject({ kind: 'violated', signature: 'missing:tool:search' })
  })

  it('is held to a span of the tool, failed ones marked by status or attribute', () => {
    const failCall = () => call('tool:search', 100, 600, 'transient').claim('failure')
    expect(judge(failCall(), [])).toMatchObject({ signature: 'missing:tool:search' })
    expect(judge(failCall(), [toolSpan(100, 600)])).toMatchObject({ signature: 'unmarked:tool:search' })
    expect(judge(failCall(), [toolSpan(100, 600, { attributes: { 'error.type': 'TIMEOUT' } })])).toEqual({
      kind: 'held',
    })
  })

  it('shares one span with its attempts, and with another tool that stood in for it', () => {
    const retried = call('tool:search', 700, 900, 'ok', call('tool:search', 100, 600, 'transient'))
    expect(judge(retried.claim('success'), [toolSpan(100, 900)])).toEqual({ kind: 'held' })
    const replaced = call('tool:cache', 700, 900, 'ok', call('tool:search', 100, 600, 'transient'))
    const cache = toolSpan(700, 900, { attributes: { 'gen_ai.tool.name': 'cache' } })
    expect(judge(replaced.claim('success'), [toolSpan(100, 900), cache])).toEqual({ kind: 'held' })
  })

  it('may outlast its span where the agent gave it up: the span failed, or holds another attempt', () => {
    const giveUp = () => {
      const trace = new TraceBuilder()
      const slow = trace.call('tool:search', { input: 'slow' })
      call('tool:search', 200, 300, 'ok', trace)
      return trace.at(9_000).ok(slow).claim('success')
    }
    expect(judge(giveUp(), [toolSpan(0, 300)])).toEqual({ kind: 'held' })
    expect(judge(giveUp(), [toolSpan(0, 100, { status: 'error' }), toolSpan(200, 300)])).toEqual({ kind: 'held' })
    expect(judge(giveUp(), [toolSpan(0, 100), toolSpan(200, 300)])).toMatchObject({ kind: 'violated' })
  })

  it('is one of the agent, not what happens inside a tool', () => {
    const trace = new TraceBuilder()
    const outer = trace.call('tool:search')
    const inner = trace.call('tool:fetch', { parent: outer })
    const effect = trace.call('effect:log', { parent: outer })
    trace.ok(inner).ok(effect).ok(outer).claim('success')
    expect(judge(trace, [toolSpan(0, 0)])).toEqual({ kind: 'held' })
  })
})

describe('where spans cannot be asked for', () => {
  it('a call in flight at a crash is exempt, and one that the agent had not come to act on', () => {
    const trace = call('tool:search', 100, 200).restart()
    expect(judge(trace.claim('success'), [])).toMatchObject({ kind: 'vacuous' })
    const pending = new TraceBuilder()
    pending.call('model:m')
    expect(judge(pending.restart().claim('success'), [])).toMatchObject({ kind: 'vacuous' })
  })

  it('a call before a crash is not, where the agent had gone on to ask the model', () => {
    const trace = call('tool:search', 100, 200)
    trace.call('model:m')
    expect(judge(trace.restart().claim('success'), [])).toMatchObject({ signature: 'missing:tool:search' })
  })

  it('an agent that never answered is judged in the same way', () => {
    expect(judge(call('tool:search', 100, 200), [])).toMatchObject({ kind: 'vacuous' })
    const trace = call('tool:search', 100, 200)
    trace.call('model:m')
    expect(judge(trace, [])).toMatchObject({ signature: 'missing:tool:search' })
  })

  it('what ended after the answer is exempt', () => {
    const trace = new TraceBuilder()
    const crossing = trace.call('tool:search')
    expect(judge(trace.claim('success').ok(crossing), [])).toMatchObject({ kind: 'vacuous' })
  })

  it('nothing is judged where the wall clock jumped', () => {
    const trace = new TraceBuilder()
    const crossing = trace.call('tool:search')
    trace.fault(crossing, 'resource', {}, ['clock-jump']).ok(crossing).claim('success')
    expect(judge(trace, [])).toMatchObject({ kind: 'vacuous' })
  })
})

describe('a jump of the wall clock', () => {
  it('excuses no call that had ended before it', () => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:search'))
    const late = trace.call('tool:fetch')
    trace.fault(late, 'resource', {}, ['clock-jump']).ok(late).claim('success')
    expect(judge(trace, [toolSpan(0, 0)])).toEqual({ kind: 'held' })
    expect(judge(trace, [])).toMatchObject({ kind: 'violated', signature: 'missing:tool:search' })
  })
})

describe('the spans', () => {
  const turn = () => call('model:m', 100, 600).claim('success')

  it('are inconclusive where there are none, or they are something else', () => {
    for (const state of [undefined, null, {}, { spans: 'none' }]) {
      expect(kept.check(turn().build(), state)).toEqual({
        kind: 'inconclusive',
        because: 'there are no spans: spans() gave no array',
      })
    }
    expect(judge(turn(), [span(100, 600), { name: 'x' }])).toEqual({
      kind: 'inconclusive',
      because: 'span 1 is not { name, attributes, startMs, endMs, status }',
    })
  })

  it('are where the scenario says', () => {
    const invariant = traceComplete({ spans: (state: { readonly log: readonly SpanFacts[] }) => state.log })
    expect(invariant.check(turn().build(), { log: [span(100, 600)] })).toEqual({ kind: 'held' })
  })
})
