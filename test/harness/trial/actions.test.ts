/** Actions of the model's boundary that no shipped fault asks for yet: a user's own fault can, and the client sees them. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario, runTrial, say, script, type Trial } from 'agent-chaos'
import { type ActionAt, defineFault } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'

/** One streamed call without retries, under a fault that does `action`; resolves to the trial and what the client saw. */
async function under(action: ActionAt<'model'>): Promise<{ readonly trial: Trial; readonly seen: unknown }> {
  let seen: unknown
  const mine = defineFault({
    name: 'model/mine',
    summary: 'Does what the test asks for.',
    class: 'transient',
    boundaries: ['model'],
    params: {},
    action: () => action,
  })
  const scenario = defineScenario({
    name: 'one-call',
    task: 'Say it.',
    model: script([say('Well said, and at some length.')]),
    agent: async () => {
      const client = new Anthropic({ maxRetries: 0 })
      const request = { model: 'claude-x', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Say it.' }] }
      const text = await client.messages.stream(request).finalText()
      seen = text
      return text
    },
    goal: ({ result }) => result === 'Well said, and at some length.',
    faults: [mine],
  })
  const trial = await runTrial(scenario, { plan: 'model:*#1 = model/mine' })
  const claim = trial.trace.events.find((event) => event.kind === 'claim')
  return { trial, seen: claim?.error ?? seen }
}

describe('at the model', () => {
  it.each(['refused', 'unresolved'] as const)(
    'refuse(%s) is a connection error, and nothing was billed',
    async (how) => {
      const { trial, seen } = await under({ kind: 'refuse', how })
      expect(seen).toMatchObject({ message: 'Connection error.' })
      expect(trial.trace.spend).toMatchObject({ modelCalls: 1, outputTokens: 0 })
      expect(trial.trace.injections).toMatchObject([{ status: 'landed' }])
    },
  )

  it('stream-error is an error event after a 200, which carries no status', async () => {
    const { seen, trial } = await under({ kind: 'stream-error', at: 0.5, code: 'overloaded' })
    expect(trial.trace.events.find(({ kind }) => kind === 'return')?.at).toBe(500)
    expect(seen).toMatchObject({ message: expect.stringContaining('overloaded_error') as string })
    expect(seen).not.toHaveProperty('status')
  })

  it('pace brings the whole answer, slowly', async () => {
    const { trial, seen } = await under({ kind: 'pace', firstMs: 3_000, eachMs: 100, pings: 2 })
    expect(seen).toBe('Well said, and at some length.')
    expect(trial.trace.spend.seconds).toBeGreaterThan(3.5)
    expect(trial.trace.claim).toBe('success')
  })

  it('drop(reset) is a connection error', async () => {
    const { seen } = await under({ kind: 'drop', when: 'after', symptom: 'reset', timeoutMs: 1 })
    expect(seen).toMatchObject({ message: 'Connection error.' })
  })
})
