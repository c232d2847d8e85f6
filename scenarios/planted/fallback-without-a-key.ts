/** Wrong on purpose: the card is charged under a key; the bank, which is asked where the card will not do, without one. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again, statusOf } from '../small/again.js'

interface Tools {
  card(request: { readonly key: string }): Promise<unknown>
  bank(request: { readonly key?: string | undefined }): Promise<unknown>
}

const key = 'payment-of-order-42'

const payer = (bankKey: string | undefined) => {
  return async ({ tools }: AgentContext<{ paid: number }, Tools>): Promise<string> => {
    let mayBePaid = false
    const byCard = () =>
      tools.card({ key }).catch((error: unknown) => {
        if (statusOf(error) !== 503) mayBePaid = true
        throw error
      })
    try {
      await again(byCard, { times: 2 })
    } catch (error) {
      if (mayBePaid) throw error
      await again(() => tools.bank({ key: bankKey }))
    }
    return 'It is paid.'
  }
}

export default defineScenario({
  name: 'fallback-without-a-key',
  task: 'Pay for order 42.',
  state: () => ({ paid: 0 }),
  world: ({ state, effect }: WorldContext<{ paid: number }>): { tools: Tools } => {
    const pay = ({ key }: { readonly key?: string | undefined }) =>
      effect({ kind: 'payment', intent: '42', key, payload: { order: 42 } }, () => {
        state.paid++
      })
    return { tools: { card: pay, bank: pay } }
  },
  model: script([say('not asked')]),
  agent: payer(undefined),
  goal: ({ state }) => state.paid > 0,
  intents: [{ kind: 'payment', id: '42' }],
  faults: ['tool/unavailable', 'tool/reply-lost'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: payer(key) },
})
