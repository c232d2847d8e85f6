/** Wrong on purpose: of the history so many messages are kept, and in a long run the first of them is a result whose call is gone. */
// As reported in open-multi-agent/open-multi-agent PR #193, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { askChat, type ChatMessage, functionOf } from './wires/openai.js'

interface Tools {
  forecast(city: string): Promise<string>
}

type Round = readonly ChatMessage[]
type Window = (rounds: readonly Round[]) => readonly ChatMessage[]

const [turnsMax, messagesMax] = [8, 6]
const cities = ['Oslo', 'Rome'] as const
const tools = [functionOf('forecast', 'city')]

const byCount: Window = (rounds) => rounds.flat().slice(-messagesMax)

/** As many whole rounds as fit, and one in any case. */
const byRound: Window = (rounds) => {
  let from = rounds.length - 1
  while (from > 0 && rounds.slice(from - 1).flat().length <= messagesMax) from--
  return rounds.slice(from).flat()
}

const forecaster = (window: Window) => {
  return async ({ task, tools: { forecast } }: AgentContext<object, Tools>): Promise<string> => {
    const rounds: Round[] = []
    for (let turn = 0; turn < turnsMax; turn++) {
      const { message } = await askChat([{ role: 'user', content: task }, ...window(rounds)], tools)
      if (!message.tool_calls) return message.content ?? ''
      const round: ChatMessage[] = [message]
      for (const { id, function: asked } of message.tool_calls) {
        const { city } = JSON.parse(asked.arguments) as { readonly city: string }
        const content = await forecast(city).catch((error: unknown) => JSON.stringify({ error: String(error) }))
        round.push({ role: 'tool', tool_call_id: id, content })
      }
      rounds.push(round)
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'a-window-cuts-a-round',
  task: `What is the forecast for ${cities.join(' and ')}?`,
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { forecast: async (city) => `fair in ${city}` } }),
  model: script([cities.map((city) => call('forecast', { city })), say('Fair in both.')]),
  agent: forecaster(byCount),
  goal: () => true,
  faults: ['tool/unavailable', 'model/looping', 'model/insisting'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: forecaster(byRound) },
})
