/** Wrong on purpose: a call of a tool that timed out is sent again under a new id, while the server still carries out the first. */
// As reported in srbhptl39/MCP-SuperAssistant#155, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Server {
  exports: number
}

interface Tool {
  readonly name: string
  readonly annotations: { readonly idempotentHint: boolean }
}

const server = 'https://mcp.example.com'
const [timeoutMs, triesMax] = [60_000, 4]
const tool: Tool = { name: 'export', annotations: { idempotentHint: false } }

/** Sends a request of MCP over HTTP. */
async function send(id: number, method: string, params: object): Promise<unknown> {
  const response = await fetch(`${server}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw Object.assign(new Error(`answered ${response.status}`), { status: response.status })
  return ((await response.json()) as { readonly result: unknown }).result
}

/** A 503 was answered before anything was done; of all else nobody knows. */
const wasRefused = (error: unknown) => (error as { readonly status?: number }).status === 503

const proxy = (maySendAgain: (tool: Tool, error: unknown) => boolean) => {
  const call = async ({ name, annotations }: Tool): Promise<unknown> => {
    for (let tried = 1; ; tried++) {
      try {
        return await send(tried, 'tools/call', { name })
      } catch (error) {
        if (tried === triesMax || !maySendAgain({ name, annotations }, error)) throw error
        await sleep(1_000 * 2 ** tried)
      }
    }
  }
  return async (_: AgentContext<Server, object>): Promise<string> => {
    await call(tool)
    return 'The export is made.'
  }
}

export default defineScenario({
  name: 'a-timed-out-call-is-sent-again',
  task: 'Make the export.',
  state: (): Server => ({ exports: 0 }),
  world: ({ state, http }: WorldContext<Server>) => {
    http.service(
      server,
      ({ data }) => {
        const { id } = data as { readonly id: number }
        state.exports++
        return { json: { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'made' }] } } }
      },
      { intent: () => ({ kind: 'export', intent: 'export' }), idempotency: 'none', latencyMs: 20_000 },
    )
    return {}
  },
  model: script([say('not asked')]),
  agent: proxy(() => true),
  goal: ({ state }) => state.exports > 0,
  intents: [{ kind: 'export', id: 'export' }],
  faults: ['http/late', 'http/reply-lost', 'http/request-lost', 'http/unavailable', 'http/server-error'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: proxy(({ annotations }, error) => annotations.idempotentHint || wasRefused(error)) },
})
