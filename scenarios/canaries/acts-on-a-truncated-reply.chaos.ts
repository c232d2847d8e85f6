/** Wrong on purpose: when a stream breaks off, what has come so far is taken for the whole reply. */
import type Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { Model, type ModelOptions, type Question } from '../agent/model.js'
import { agentAsking } from '../report/other-model.js'
import { week, weekAgent } from '../report/world.js'

class ContentModel extends Model {
  readonly #options: ModelOptions

  constructor(options: ModelOptions) {
    super(options)
    this.#options = options
  }

  override ask(question: Question): Promise<Anthropic.Message> {
    const { client, endpoint } = this.#options
    return endpoint.call(async (signal) => {
      const stream = client.messages.stream(question, { signal, maxRetries: 0 })
      return stream.finalMessage().catch((error: unknown) => {
        if (stream.currentMessage) return stream.currentMessage
        throw error
      })
    })
  }
}

export default defineScenario({
  ...week,
  name: 'acts-on-a-truncated-reply',
  agent: agentAsking(ContentModel),
  expect: { violates: 'partial-reply-not-acted-on' },
  repaired: { agent: weekAgent({ streams: true }) },
})
