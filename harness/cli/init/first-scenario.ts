/** The scenario that `init` writes: it runs as it is, with a small agent whose place the user's own takes. */

export interface Wanted {
  readonly typescript: boolean
  /** Where the user's own agent seems to be, from the scenario's folder. */
  readonly agent: string | undefined
}

/** Types stand in the template as comments. */
const typed = /\/\*((?::| as) [^*]+)\*\//g

export function firstScenario({ typescript, agent }: Wanted): string {
  const hint =
    agent === undefined ? 'Import your own, and call it here' : `Import yours from '${agent}', and call it here`
  return template.replace('HINT', hint).replace(typed, typescript ? '$1' : '')
}

const template = `import { call, defineScenario, say, script } from 'agent-chaos'

export default defineScenario({
  name: 'first',
  task: 'Refund order 42 (4200 cents).',
  // The outside world: its memory, made anew for every trial, and the tools that change it.
  state: () => ({ refunded: 0 }),
  world: ({ state, effect }) => ({
    tools: {
      refund: ({ orderId, cents }/*: { orderId: string; cents: number }*/) =>
        effect({ kind: 'refund', intent: orderId }, () => {
          state.refunded += cents
          return 'done'
        }),
    },
  }),
  // The model: what it says when nothing goes wrong.
  model: script([call('refund', { orderId: '42', cents: 4200 }), say('Refunded.')]),
  // The agent. HINT: this small one only shows how a run looks.
  agent: async ({ task, tools }) => {
    const messages/*: object[]*/ = [{ role: 'user', content: task }]
    for (let turn = 0; turn < 10; turn++) {
      const response = await fetch('https://api.anthropic.com/v1/messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': 'none', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({
          model: 'claude-opus-5-5',
          max_tokens: 1024,
          messages,
          tools: [{ name: 'refund', input_schema: { type: 'object' } }],
        }),
        signal: AbortSignal.timeout(30_000),
      })
      if (!response.ok) throw new Error(\`the model answered \${response.status}\`)
      const { content } = (await response.json())/* as { content: { type: string; id: string; input: never }[] }*/
      const asked = content.find(({ type }) => type === 'tool_use')
      if (!asked) return 'Refunded.'
      const result = await tools.refund(asked.input).catch(() => tools.refund(asked.input)) // just once more
      messages.push({ role: 'assistant', content })
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: asked.id, content: String(result) }] })
    }
    throw new Error('gave up after 10 turns')
  },
  // What is true when the task is done.
  goal: ({ state }) => state.refunded === 4200,
  intents: [{ kind: 'refund', id: '42' }],
})
`
