/** Wrong on purpose: a write whose check afterwards fails is told as a failed write, though what was written stands. */
// As reported in openclaw/openclaw#122929, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { appliedEffectsReported } from 'agent-chaos/invariants'
import { converse } from '../chat/converse.js'

interface Store {
  readonly pages: Record<string, string>
}

const store = 'https://files.example.com'
const page = 'notes'
const tool = { name: 'write', properties: { page: { type: 'string' }, text: { type: 'string' } } }

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${store}/${path}`, { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`the store answered ${response.status}`)
  return response.text()
}

const writer = (tellOf: (path: string) => string) => {
  return async ({ task }: AgentContext<Store, object>): Promise<string> => {
    let message = ''
    const { text, failed } = await converse(
      task,
      tool,
      async (input) => {
        const [path, body] = [String(input.page), String(input.text)]
        let isSent = false
        try {
          await ask(path, { method: 'PUT', body })
          isSent = true
          if ((await ask(path)) === body) return 'written'
          throw new Error('the check found another text')
        } catch (error) {
          message = isSent ? tellOf(path) : `${path} may be written or not: ${error}`
          throw error
        }
      },
      () => true,
    ).catch(() => ({ text: message, failed: true }))
    if (failed) throw new Error(text)
    return text
  }
}

export default defineScenario({
  name: 'a-written-file-told-as-failed',
  task: `Write the page ${page}.`,
  state: (): Store => ({ pages: {} }),
  world: ({ state, http }: WorldContext<Store>) => {
    http.service(
      store,
      ({ method, url, body }) => {
        const path = url.pathname.slice(1)
        if (method === 'PUT') state.pages[path] = body
        return { body: state.pages[path] ?? '' }
      },
      { intent: ({ url }) => ({ kind: 'page', intent: url.pathname.slice(1) }) },
    )
    return {}
  },
  model: script([call('write', { page, text: 'Buy milk.' }), say('The page is written.')]),
  agent: writer(() => 'The write failed.'),
  goal: ({ state }) => state.pages[page] === 'Buy milk.',
  intents: [{ kind: 'page', id: page }],
  invariants: [appliedEffectsReported()],
  faults: ['http/unavailable', 'http/server-error', 'http/reply-lost', 'http/body-cut'],
  expect: { violates: 'applied-effects-reported' },
  repaired: { agent: writer((path) => `The page ${path} was written. Whether it is whole could not be checked.`) },
})
