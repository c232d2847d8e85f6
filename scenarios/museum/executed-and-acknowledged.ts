/** Wrong on purpose: a call counts as answered once its answer was posted; where that fails, the tool runs again for it. */
// As reported in anthropics/anthropic-sdk-python#1749, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

const service = 'https://sessions.example.com'
const callId = 'call-1'

interface Session {
  mailed: number
  answered: boolean
}

interface Tools {
  mail(): Promise<unknown>
}

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(`${service}${path}`, { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return response.json()
}

/** Looks for open calls, runs each and posts its answer, and looks again. */
const runner = (remembers: boolean) => {
  return async ({ tools }: AgentContext<Session, Tools>): Promise<string> => {
    const results = new Map<string, unknown>()
    for (let look = 0; look < 20; look++) {
      try {
        const open = (await ask('/calls')) as readonly string[]
        if (open.length === 0) return 'All calls are answered.'
        for (const id of open) {
          const result = results.get(id) ?? (await tools.mail())
          if (remembers) results.set(id, result)
          await ask('/answers', { method: 'POST', body: JSON.stringify({ id, result }) })
        }
      } catch {
        await sleep(5_000)
      }
    }
    throw new Error('the session cannot be reached')
  }
}

export default defineScenario({
  name: 'executed-and-acknowledged',
  task: 'Run what the session asks for.',
  state: (): Session => ({ mailed: 0, answered: false }),
  world: ({ state, effect, http }: WorldContext<Session>): { tools: Tools } => {
    http.service(
      service,
      ({ url }) => {
        if (url.pathname === '/calls') return { json: state.answered ? [] : [callId] }
        state.answered = true
        return { json: {} }
      },
      { intent: () => null },
    )
    return {
      tools: {
        mail: async () => {
          await effect({ kind: 'mail', intent: callId }, () => {
            state.mailed++
          })
          return 'mailed'
        },
      },
    }
  },
  model: script([say('not asked')]),
  agent: runner(false),
  goal: ({ state }) => state.mailed > 0 && state.answered,
  intents: [{ kind: 'mail', id: callId }],
  faults: ['http/unavailable', 'http/server-error'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: runner(true) },
})
