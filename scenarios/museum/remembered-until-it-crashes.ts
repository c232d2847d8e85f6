/** Wrong on purpose: what a tool gave is remembered in memory until it is posted; a crash between the two, and it runs again. */
// As reported in hcompai/hai-agents-ts PR #64, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Session {
  mailed: number
  answered: boolean
}

interface Tools {
  mail(mail: { readonly key?: string }): Promise<unknown>
}

const service = 'https://sessions.example.com'
const [callId, looksMax] = ['call-1', 20]

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(`${service}${path}`, { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return response.json()
}

const runner = (keyOf: (id: string) => { readonly key?: string }) => {
  return async ({ tools }: AgentContext<Session, Tools>): Promise<string> => {
    const results = new Map<string, unknown>()
    for (let look = 0; look < looksMax; look++) {
      try {
        const open = (await ask('/calls')) as readonly string[]
        if (open.length === 0) return 'All calls are answered.'
        for (const id of open) {
          if (!results.has(id)) results.set(id, await tools.mail(keyOf(id)))
          await ask('/answers', { method: 'POST', body: JSON.stringify({ id, result: results.get(id) }) })
        }
      } catch {
        await sleep(5_000)
      }
    }
    throw new Error('the session cannot be reached')
  }
}

export default defineScenario({
  name: 'remembered-until-it-crashes',
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
        mail: async ({ key }) => {
          await effect({ kind: 'mail', intent: callId, key }, () => {
            state.mailed++
          })
          return 'mailed'
        },
      },
    }
  },
  model: script([say('not asked')]),
  agent: runner(() => ({})),
  goal: ({ state }) => state.mailed > 0 && state.answered,
  intents: [{ kind: 'mail', id: callId }],
  faults: ['process/crash', 'http/unavailable', 'http/server-error'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: runner((key) => ({ key })) },
})
