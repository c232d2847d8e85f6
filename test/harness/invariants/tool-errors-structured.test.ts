/** Proves that what the model is told of failed tools is held to its shape, and that no success is made of failures. */
import { type ToolErrorShape, toolErrorsStructured } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, shape?: ToolErrorShape) =>
  toolErrorsStructured(shape).check(trace.build(), undefined)

const structured = { error_type: 'TIMEOUT', recoverable: true, suggestion: 'Try again later.' }

const failedResult = (value: unknown) => ({
  id: 'a',
  failed: true,
  text: typeof value === 'string' ? value : JSON.stringify(value),
})
const fine = (value: unknown) => ({ ...failedResult(value), failed: false })

/** The model asks for the tools, each call ends as its class says (`ok`: well), and the results are handed in. */
function turn(
  runs: readonly ('ok' | 'transient' | 'definite')[],
  results: readonly ReturnType<typeof failedResult>[],
  asked: readonly string[] = runs.map(() => 'search {}'),
  trace = new TraceBuilder(),
): TraceBuilder {
  trace.reply(trace.call('model:m', { input: 'ask' }), '', { toolCalls: asked })
  for (const [n, how] of runs.entries()) {
    const crossing = trace.call('tool:search', { input: String(n) })
    if (how === 'ok') trace.ok(crossing)
    else trace.fail(crossing, how)
  }
  return trace.reply(trace.call('model:m', { input: 'tell', results }))
}

describe('a result that is marked as failed', () => {
  it('is held where it is structured', () => {
    expect(judge(turn(['transient'], [failedResult(structured)]))).toEqual({ kind: 'held' })
  })

  it.each<[string, unknown]>([
    ['error_type', 'Error: it failed'],
    ['error_type', { ...structured, error_type: 503 }],
    ['error_type', [structured]],
    ['recoverable', { ...structured, recoverable: 'yes' }],
    ['suggestion', { ...structured, suggestion: ' ' }],
    ['suggestion', { error_type: 'X', recoverable: false }],
  ])('is violated without a proper %s: %j', (field, value) => {
    expect(judge(turn(['transient'], [failedResult(value)]))).toEqual({
      kind: 'violated',
      signature: `unstructured:${field}`,
      story: `The model was told of a failed tool without ${field}.`,
      evidence: [4],
    })
  })

  it('is judged where no tool was called at all, for then too the agent wrote it', () => {
    expect(judge(turn([], [failedResult('no such tool')], ['fly {}']))).toMatchObject({ kind: 'violated' })
  })

  const answerTo = (asked: string, before?: readonly string[]) => {
    const tools = ['search']
    const trace = new TraceBuilder()
    if (before) trace.reply(trace.call('model:m', { input: 'before', tools: before }))
    trace.reply(trace.call('model:m', { input: 'ask', tools }), '', { toolCalls: [`${asked} {}`] })
    const results = [{ ...failedResult('there is no such tool'), id: 'call-0' }]
    return judge(trace.reply(trace.call('model:m', { input: 'tell', results, tools })))
  }

  it('is not judged where the model named a tool that is not on offer', () => {
    expect(answerTo('search_v2')).toMatchObject({ kind: 'vacuous' })
  })

  it('goes by the tools that were on offer when the model asked, and not by those of before', () => {
    expect(answerTo('search_v2', ['search', 'search_v2'])).toMatchObject({ kind: 'vacuous' })
  })

  it('is judged where the tool is on offer, and was not called', () => {
    expect(answerTo('search')).toMatchObject({ kind: 'violated', signature: 'unstructured:error_type' })
  })

  it('may name its fields otherwise', () => {
    const fields = { type: 'error.code', recoverable: 'error.retry', suggestion: 'hint' }
    const value = { error: { code: 'X', retry: false }, hint: 'Ask the user.' }
    expect(judge(turn(['transient'], [failedResult(value)]), { fields })).toEqual({ kind: 'held' })
    expect(judge(turn(['transient'], [failedResult(structured)]), { fields })).toMatchObject({
      signature: 'unstructured:error.code',
    })
  })
})

describe('a success made of failures', () => {
  it('is violated where every call failed and the result looks fine', () => {
    expect(judge(turn(['transient', 'definite'], [fine('{"rows":[]}'), failedResult(structured)]))).toEqual({
      kind: 'violated',
      signature: 'masked',
      story: 'Every tool call failed, and the model was handed a result that looks like a success.',
      evidence: [3, 5, 6],
    })
  })

  it.each<[string, unknown]>([
    ['an error as a value', { error: 'timeout' }],
    ['a structured error without the mark', structured],
    ['words that tell of it', 'The search service is unavailable right now.'],
    ['a substitute that says so', { rows: [1], stale: true }],
  ])('is not %s', (_name, value) => {
    expect(judge(turn(['transient'], [fine(value)]))).toEqual({ kind: 'held' })
  })

  it('can be told apart by fields of the scenario', () => {
    const result = [fine({ rows: [1], source: 'archive' })]
    expect(judge(turn(['transient'], result))).toMatchObject({ signature: 'masked' })
    expect(judge(turn(['transient'], result), { substitutes: ['source'] })).toEqual({ kind: 'held' })
  })

  it('is not judged where it cannot be known', () => {
    const oneWentWell = turn(['transient', 'ok'], [fine('[]')], ['search {}'])
    const anotherTool = turn(['transient'], [fine('[]')], ['calculate {}'])
    const twoAskedOneMade = turn(['transient'], [fine('[]'), fine('[]')], ['search {}', 'search {}'])
    for (const trace of [oneWentWell, anotherTool, twoAskedOneMade]) {
      expect(judge(trace)).toEqual({ kind: 'vacuous', because: 'no failure of a tool was told to the model' })
    }
  })

  it('is not judged across a restart', () => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m'), '', { toolCalls: ['search {}'] })
    trace.fail(trace.call('tool:search'), 'transient')
    trace.restart().reply(trace.call('model:m', { input: 'tell', results: [fine('[]')] }))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})

describe('whether an error is recoverable', () => {
  it('must not be claimed of one that is for good', () => {
    expect(judge(turn(['definite'], [failedResult(structured)]))).toMatchObject({
      kind: 'violated',
      signature: 'recoverable',
    })
    expect(judge(turn(['definite'], [failedResult({ ...structured, recoverable: false })]))).toEqual({ kind: 'held' })
  })

  it('may be said of one for good that came so late that the agent may have seen a timeout', () => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m', { input: 'ask' }), '', { toolCalls: ['search {}'] })
    const slow = trace.call('tool:search')
    trace.at(20_000).fail(slow, 'definite')
    trace.reply(trace.call('model:m', { input: 'tell', results: [failedResult(structured)] }))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('may be said either way of one that passes, or where not all were for good', () => {
    expect(judge(turn(['transient'], [failedResult({ ...structured, recoverable: false })]))).toEqual({ kind: 'held' })
    expect(judge(turn(['transient', 'definite'], [failedResult(structured), failedResult(structured)]))).toEqual({
      kind: 'held',
    })
  })
})

describe('tool-errors-structured', () => {
  it('is vacuous where nothing failed, or the model was not told', () => {
    expect(judge(turn(['ok'], [fine('[]')]))).toMatchObject({ kind: 'vacuous' })
    const unreported = new TraceBuilder().turn()
    unreported.strike('tool:search', 'transient')
    expect(judge(unreported.claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })
})
