/** Wrong on purpose: errors are told apart by their words, and "credit balance too low" is taken for a limit that passes. */
// As reported in code-yeongyu/oh-my-openagent PR #3610, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic, { APIError } from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { permanentErrorsNotRetried } from 'agent-chaos/invariants'
import { askText } from './wires/openai.js'

const triesMax = 4

type MayPass = (error: unknown) => boolean

const byWords: MayPass = (error) => /limit|quota|credit|overloaded|50\d|connection/i.test(String(error))

const byStatus: MayPass = (error) =>
  error instanceof APIError && (error.status === undefined || error.status === 429 || error.status >= 500)

const writer = (mayPass: MayPass) => {
  return async ({ task }: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (let tried = 1; ; tried++) {
      try {
        await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 512, messages })
        return 'It is written.'
      } catch (error) {
        if (!mayPass(error) || tried === triesMax) break
        await sleep(5_000 * tried)
      }
    }
    await askText(task)
    return 'It is written, by the second model.'
  }
}

export default defineScenario({
  name: 'no-credit-taken-for-busy',
  task: 'Write a limerick.',
  state: () => ({}),
  model: script([say('There was a young agent of old.')]),
  agent: writer(byWords),
  goal: () => true,
  invariants: [permanentErrorsNotRetried()],
  faults: ['model/spend-limit', 'model/overloaded', 'model/connection-reset'],
  expect: { violates: 'permanent-errors-not-retried' },
  repaired: { agent: writer(byStatus) },
})
