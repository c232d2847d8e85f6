/** Wrong on purpose: to save tokens, results of failed tools are left out of the transcript, and their calls stay in it. */
import type Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { Model, type Question } from '../agent/model.js'
import { agentAsking } from '../report/other-model.js'
import { week, weekAgent } from '../report/world.js'

class SparingModel extends Model {
  override ask(question: Question): Promise<Anthropic.Message> {
    return super.ask({ ...question, messages: question.messages.flatMap(withoutFailures) })
  }
}

/** The message without results of failed tools; none at all where that was all it held. */
function withoutFailures(message: Anthropic.MessageParam): Anthropic.MessageParam[] {
  if (message.role !== 'user' || typeof message.content === 'string') return [message]
  const content = message.content.filter((block) => block.type !== 'tool_result' || !block.is_error)
  return content.length > 0 ? [{ ...message, content }] : []
}

export default defineScenario({
  ...week,
  name: 'failed-results-left-out',
  agent: agentAsking(SparingModel),
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: weekAgent() },
})
