/** Wrong on purpose: what has a status of 429 or 5xx is tried again; a connection that breaks in the middle of a body has no status. */
// As reported in anthropics/claude-code#51076, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { transientErrorsRetried } from 'agent-chaos/invariants'
import { statusOf } from '../small/again.js'

const triesMax = 6

const reader = (mayPass: (status: number | undefined) => boolean) => {
  return async ({ task }: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const ask = async (): Promise<string> => {
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
      const events = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 512, messages, stream: true })
      let text = ''
      for await (const event of events) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
        if (event.type === 'message_stop') return text
      }
      throw new Error('the stream ended before the reply')
    }
    for (let tried = 1; ; tried++) {
      try {
        return await ask()
      } catch (error) {
        if (!mayPass(statusOf(error)) || tried === triesMax) throw error
        await sleep(2_000 * 2 ** tried)
      }
    }
  }
}

const isBusy = (status: number) => status === 429 || status >= 500

export default defineScenario({
  name: 'no-status-no-retry',
  task: 'Say in a few words what the repository is about.',
  state: () => ({}),
  model: script([say('It is a harness that tests agents under faults, in virtual time.')]),
  agent: reader((status) => status !== undefined && isBusy(status)),
  goal: ({ result }) => typeof result === 'string' && result.length > 0,
  invariants: [transientErrorsRetried()],
  faults: ['model/stream-cut', 'model/stream-error', 'model/overloaded', 'model/unavailable'],
  expect: { violates: 'transient-errors-retried' },
  repaired: { agent: reader((status) => status === undefined || isBusy(status)) },
})
