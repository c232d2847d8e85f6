/** Wrong on purpose: an event that is delivered again is taken for another one, and people get two answers. */
// As reported in kortix-ai/suna PR #3126, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'
import { askText } from './wires/openai.js'

interface Event {
  readonly id: string
  readonly text: string
}

const chat = 'https://chat.example.com'
const event: Event = { id: 'event-1', text: 'Where do I find the menu?' }

async function post(to: string, text: string): Promise<void> {
  const body = JSON.stringify({ to, text })
  const response = await fetch(`${chat}/answers`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`the chat answered ${response.status}`)
}

/** The handler of a chat service's events, and the service itself, which delivers what was not acknowledged. */
const bot = (claim: (claimed: Set<string>, id: string) => boolean) => {
  return async ({ instrument }: AgentContext<object, object>): Promise<string> => {
    const claimed = new Set<string>()
    const work: Promise<void>[] = []
    const failures: unknown[] = []
    const { deliver } = instrument({
      deliver: async ({ id, text }: Event) => {
        if (!claim(claimed, id)) return 'known'
        const answer = again(() => askText(text)).then((reply) => post(id, reply))
        work.push(answer.catch((error: unknown) => void failures.push(error)))
        return 'acknowledged'
      },
    })
    await again(() => deliver(event), { times: 4, pauseMs: 3_000 })
    await Promise.all(work)
    if (failures.length > 0) throw failures[0]
    return 'The event was answered.'
  }
}

export default defineScenario({
  name: 'two-answers-to-one-event',
  task: 'Answer each event once.',
  state: () => ({ answers: 0 }),
  world: ({ state, http }: WorldContext<{ answers: number }>) => {
    http.service(
      chat,
      () => {
        state.answers++
        return { status: 201 }
      },
      { intent: ({ body }) => ({ kind: 'answer', intent: (JSON.parse(body) as { readonly to: string }).to }) },
    )
    return {}
  },
  model: script([say('On the second page.')]),
  agent: bot(() => true),
  goal: ({ state }) => state.answers === 1,
  intents: [{ kind: 'answer', id: event.id }],
  faults: ['tool/reply-lost', 'tool/duplicate', 'tool/not-run', 'model/server-error'],
  expect: { violates: 'effects-exactly-once' },
  repaired: {
    agent: bot((claimed, id) => {
      const isNew = !claimed.has(id)
      claimed.add(id)
      return isNew
    }),
  },
})
