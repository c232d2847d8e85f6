/** Wrong on purpose: twenty seconds after a timeout it looks whether it is paid, and what comes later than that is paid twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Tools {
  pay(request: { readonly key?: string | undefined }): Promise<unknown>
  isPaid(): Promise<boolean>
}

const lookAfterMs = 20_000

const payer = (key: string | undefined) => {
  return async ({ tools }: AgentContext<{ paid: number }, Tools>): Promise<string> => {
    try {
      await tools.pay({ key })
    } catch {
      await sleep(lookAfterMs)
      if (!(await tools.isPaid())) await tools.pay({ key })
    }
    return 'It is paid.'
  }
}

export default defineScenario({
  name: 'looks-too-soon',
  task: 'Pay the bill.',
  state: () => ({ paid: 0 }),
  world: ({ state, effect }: WorldContext<{ paid: number }>): { tools: Tools } => ({
    tools: {
      pay: ({ key }) =>
        effect({ kind: 'payment', intent: 'bill', key }, () => {
          state.paid++
        }),
      isPaid: async () => state.paid > 0,
    },
  }),
  model: script([say('not asked')]),
  agent: payer(undefined),
  goal: ({ state }) => state.paid > 0,
  intents: [{ kind: 'payment', id: 'bill' }],
  faults: ['tool/late'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: payer('payment-of-the-bill') },
})
