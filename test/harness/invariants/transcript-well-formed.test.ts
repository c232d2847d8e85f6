/** Proves that a refusal for the request's form is the agent's, unless a fault made it or no message was wrong. */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { transcriptWellFormed } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const tools: Anthropic.Tool[] = [{ name: 'look', input_schema: { type: 'object' } }]

const judge = (trace: TraceBuilder) => transcriptWellFormed().check(trace.build(), undefined)
const refused = { status: 400, message: 'messages.2: tool_use ids were found without tool_result' }

describe('transcript-well-formed', () => {
  it('is violated by a request that the API refused by itself, and tells its words', () => {
    const trace = new TraceBuilder().turn()
    trace.fail(trace.call('model:m'), 'definite', refused, { kind: 'refusal', reason: 'unanswered-tool-call' })
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'refused:400',
      story: `The model API refused a request of the agent's for its form: ${refused.message}`,
      evidence: [2, 3],
    })
  })

  it('is held where it refused nothing, whatever else failed', () => {
    const trace = new TraceBuilder().turn()
    trace.strike('model:m', 'transient')
    trace.fail(trace.call('tool:refund'), 'definite', refused)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is held where a fault made the refusal', () => {
    const trace = new TraceBuilder()
    trace.strike('model:m', 'definite')
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it.each(['unknown-thread', 'thread-continued-already'] as const)(
    'is held where only a thread was not kept: %s',
    (reason) => {
      const trace = new TraceBuilder()
      trace.fail(trace.call('model:m'), 'definite', { status: 404 }, { kind: 'refusal', reason })
      expect(judge(trace)).toEqual({ kind: 'held' })
    },
  )

  it('is held where the conversation is only longer than the model reads', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('model:m'), 'definite', { status: 400 }, { kind: 'refusal', reason: 'too-long' })
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is vacuous where the model was never called', () => {
    expect(judge(new TraceBuilder())).toEqual({ kind: 'vacuous', because: 'the model was never called' })
  })

  it('is on by default and catches an agent that leaves out the result of a failed tool', async () => {
    const careless = defineScenario({
      name: 'careless',
      task: 'Look.',
      world: () => ({ tools: { look: async () => 'blue' } }),
      model: script([call('look', {}), say('Blue.')]),
      agent: async ({ task, tools: { look } }) => {
        const client = new Anthropic({ maxRetries: 0 })
        const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
        for (let turn = 0; turn < 3; turn++) {
          const { content } = await client.messages.create({ model: 'claude-x', max_tokens: 10, messages, tools })
          messages.push({ role: 'assistant', content })
          const [asked] = content.filter((block) => block.type === 'tool_use')
          if (!asked) return 'done'
          const result = await look().catch(() => undefined)
          const answer = { type: 'tool_result', tool_use_id: asked.id, content: result ?? '' } as const
          messages.push({ role: 'user', content: result ? [answer] : 'The tool failed.' })
        }
        throw new Error('too many turns')
      },
      goal: () => true,
    })
    expect(verdictOf(await runTrial(careless), 'transcript-well-formed')).toEqual({ kind: 'held' })
    const trial = await runTrial(careless, { plan: 'tool:look#1 = tool/unavailable' })
    expect(verdictOf(trial, 'transcript-well-formed')).toMatchObject({ kind: 'violated', signature: 'refused:400' })
  })
})
