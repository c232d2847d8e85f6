/** Wrong on purpose: whether the tokens are spent is asked when the next answer has come, and has been paid for. */
import type Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { withinBudget } from 'agent-chaos/invariants'
import { Model, type Question } from '../agent/model.js'
import { TaskStopped } from '../agent/task-stopped.js'
import { agentAsking } from '../report/other-model.js'
import { week } from '../report/world.js'

/** Enough for the report where all goes well. */
const tokensMax = 640

abstract class CountingModel extends Model {
  #tokens = 0

  override async ask(question: Question): Promise<Anthropic.Message> {
    const message = await super.ask(question)
    this.#tokens += message.usage.input_tokens + message.usage.output_tokens
    return message
  }

  protected get spent(): boolean {
    return this.#tokens >= tokensMax
  }
}

class SpendsThenChecks extends CountingModel {
  override async ask(question: Question): Promise<Anthropic.Message> {
    const { spent } = this
    const message = await super.ask(question)
    if (spent) throw new TaskStopped('the tokens are spent')
    return message
  }
}

class ChecksThenSpends extends CountingModel {
  override async ask(question: Question): Promise<Anthropic.Message> {
    if (this.spent) throw new TaskStopped('the tokens are spent')
    return super.ask(question)
  }
}

export default defineScenario({
  ...week,
  name: 'budget-checked-after-spending',
  agent: agentAsking(SpendsThenChecks),
  invariants: [withinBudget({ tokens: tokensMax })],
  expect: { violates: 'within-budget' },
  repaired: { agent: agentAsking(ChecksThenSpends) },
})
