/** Wrong on purpose: a client whose session is gone opens another, and the call that was under way is neither sent again nor failed. */
// As reported in anthropics/claude-code#83655, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'
import { Answered, noSessions, type Sessions, send, serve } from './wires/mcp.js'

interface Tools {
  review(page: string): Promise<unknown>
}

const pages = ['first', 'second']
const reviewMsMax = 600_000

interface Pending {
  readonly name: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

class Client {
  readonly #sendsAgain: boolean
  #session: string | undefined

  constructor(sendsAgain: boolean) {
    this.#sendsAgain = sendsAgain
  }

  async connect(): Promise<void> {
    this.#session = await send('initialize', {})
  }

  call(name: string): Promise<void> {
    return new Promise((resolve, reject) => void this.#carryOut({ name, resolve, reject }))
  }

  async #carryOut(pending: Pending, isAgain = false): Promise<void> {
    try {
      if (this.#session === undefined) await this.connect()
      await send('tools/call', { name: pending.name }, this.#session)
      pending.resolve()
    } catch (error) {
      const isGone = error instanceof Answered && error.status === 404
      if (!isGone || isAgain) return pending.reject(error)
      this.#session = undefined
      if (this.#sendsAgain) return this.#carryOut(pending, true)
      await this.connect().catch(pending.reject)
    }
  }
}

const editor = (sendsAgain: boolean) => {
  return async ({ tools }: AgentContext<Sessions, Tools>): Promise<string> => {
    const client = new Client(sendsAgain)
    await client.connect()
    for (const page of pages) {
      await within(reviewMsMax, tools.review(page)).catch(() => 'nobody objects')
      await client.call(page)
    }
    return 'Both pages are published.'
  }
}

export default defineScenario({
  name: 'forgotten-with-its-session',
  task: 'Publish each page once it is reviewed.',
  state: noSessions,
  world: (context: WorldContext<Sessions>): { tools: Tools } => {
    serve(context)
    return { tools: { review: async () => 'fine' } }
  },
  model: script([say('not asked')]),
  agent: editor(false),
  goal: ({ state }) => state.published.length === pages.length,
  faults: ['tool/slow', 'tool/unavailable', 'http/unavailable', 'http/reply-lost'],
  expect: { violates: 'terminates' },
  repaired: { agent: editor(true) },
  budget: { spend: { seconds: 3_600 } },
})
