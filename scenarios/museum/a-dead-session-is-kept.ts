/** Wrong on purpose: the server has forgotten the idle session and says so, and the client keeps the dead one for ever. */
// As reported in BuilderIO/agent-native#5547, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { recoversOnceHealed } from 'agent-chaos/invariants'
import { within } from '../small/again.js'
import { Answered, noSessions, type Sessions, send, serve } from './wires/mcp.js'

interface Tools {
  review(page: string): Promise<unknown>
}

const pages = ['first', 'second', 'third', 'fourth']
const reviewMsMax = 600_000

class Client {
  readonly #renews: boolean
  #session: string | undefined

  constructor(renews: boolean) {
    this.#renews = renews
  }

  async connect(): Promise<void> {
    this.#session ??= await send('initialize', {})
  }

  async call(name: string, tries = 2): Promise<void> {
    try {
      await this.connect()
      await send('tools/call', { name }, this.#session)
    } catch (error) {
      const isGone = error instanceof Answered && error.status === 404
      if (!isGone || !this.#renews || tries === 1) throw error
      // What was answered with 404 was not carried out.
      this.#session = undefined
      await this.call(name, tries - 1)
    }
  }
}

const editor = (renews: boolean) => {
  return async ({ tools }: AgentContext<Sessions, Tools>): Promise<string> => {
    const client = new Client(renews)
    await client.connect().catch(() => 'the first call connects')
    const missing: string[] = []
    for (const page of pages) {
      await within(reviewMsMax, tools.review(page)).catch(() => 'nobody objects')
      await client.call(page).catch(() => missing.push(page))
    }
    if (missing.length > 0) throw new Error(`not published: ${missing.join()}`)
    return 'All pages are published.'
  }
}

export default defineScenario({
  name: 'a-dead-session-is-kept',
  task: 'Publish each page once it is reviewed.',
  state: noSessions,
  world: (context: WorldContext<Sessions>): { tools: Tools } => {
    serve(context)
    return { tools: { review: async () => 'fine' } }
  },
  model: script([say('not asked')]),
  agent: editor(false),
  goal: ({ state }) => state.published.length === pages.length,
  invariants: [recoversOnceHealed()],
  faults: ['tool/slow', 'tool/unavailable', 'http/unavailable', 'http/reply-lost'],
  expect: { violates: 'recovers-once-healed' },
  repaired: { agent: editor(true) },
  budget: { spend: { seconds: 3_600 } },
})
