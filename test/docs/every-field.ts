/** Each field of a scenario once, as one writes it. The compiler reads it, and the reference page shows it field by field. */
import { call, type Host, type Provider, type ScenarioOptions, say, script } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'

interface State {
  readonly refunds: Record<string, number>
}
interface Tools {
  refund(order: { readonly orderId: string }): void
}
declare const refundAgent: (task: string, tools: Tools) => Promise<{ readonly done: boolean }>
declare const fixedAgent: typeof refundAgent
declare const gateway: Provider
declare const inDocker: Host

export const everyField: Required<ScenarioOptions<State, Tools>> = {
  name: 'refund',
  task: 'Refund order 42.',
  state: () => ({ refunds: {} }),
  world: ({ state, effect }) => ({
    tools: {
      refund: ({ orderId }) =>
        effect({ kind: 'refund', intent: orderId }, () => {
          state.refunds[orderId] = 4200
        }),
    },
  }),
  model: script([call('refund', { orderId: '42' }), say('Refunded.')]),
  agent: ({ task, tools }) => refundAgent(task, tools),
  goal: ({ state }) => state.refunds['42'] === 4200,
  intents: { must: [{ kind: 'refund', id: '42' }], may: [{ kind: 'email', id: '42' }] },
  claims: ({ done }: { readonly done: boolean }) => (done ? 'success' : 'failure'),
  invariants: [breakerTrips({ turns: 20 })],
  without: ['transcript-well-formed'],
  faults: ['transient', 'tool/reply-lost', '-model/hang'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: ({ task, tools }) => fixedAgent(task, tools) },
  providers: [gateway],
  endpoints: { openai: { baseURL: 'https://gateway.example/v1' } },
  errors: { 'rate-limited': () => Object.assign(new Error('slow down'), { status: 429 }) },
  via: 'return',
  budget: { spend: { turns: 20, seconds: 120, usd: 0.5 }, reliability: 0.95 },
  latency: { modelMs: 800 },
  isolate: true,
  allow: ['db.local:5432'],
  tags: ['money', 'slow'],
  host: inDocker,
  transport: 'loopback',
  crash: 'hard',
}
