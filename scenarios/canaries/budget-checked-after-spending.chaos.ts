/** Wrong on purpose: whether the tokens are spent is asked when the next answer has come, and has been paid for. */
import type Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { withinBudget } from 'agent-chaos/invariants'
import { Model, type Question } from '../agent/model.js'
import { TaskStopped } from '../agent/task-stopped.js'
import { week } from '../report/world.js'
import { agentAsking } from '../report/other-model.js'

/** Enough for the report where all goes well. */
const tokensMax = 640

class CountingModel extends Model {
  #tokens = 0

  override async ask(question: Question): Promise<Anthropic.Message> {
    const message = await super.ask(question)
    if (this.#tokens >= tokensMax) throw new TaskStopped(`${this.#tokens} tokens are spent`)
    this.#tokens += message.usage.input_tokens + message.usage.output_tokens
    return message
  }
}

export default defineScenario({
  ...week,
  name: 'budget-checked-after-spending',
  agent: agentAsking(CountingModel),
  invariants: [withinBudget({ tokens: tokensMax })],
  expect: { violates: 'within-budget' },
})
