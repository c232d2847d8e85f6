/** Wrong on purpose: what it stopped waiting for after 45 seconds it takes for not done, and pays again. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

interface Tools {
  pay(): Promise<unknown>
}

const deadlineMs = 45_000
/** Waiting has an end, too; then it fails, for nobody knows. */
const patienceMs = 15 * 60_000

const payer = (paysAgain: boolean) => {
  return async ({ tools }: AgentContext<{ paid: number }, Tools>): Promise<string> => {
    const payment = tools.pay()
    await within(deadlineMs, payment).catch(() => (paysAgain ? tools.pay() : within(patienceMs, payment)))
    return 'It is paid.'
  }
}

export default defineScenario({
  name: 'deadline-taken-for-failure',
  task: 'Pay the bill.',
  state: () => ({ paid: 0 }),
  world: ({ state, effect }: WorldContext<{ paid: number }>): { tools: Tools } => ({
    tools: {
      pay: () =>
        effect({ kind: 'payment', intent: 'bill' }, () => {
          state.paid++
        }),
    },
  }),
  model: script([say('not asked')]),
  agent: payer(true),
  goal: ({ state }) => state.paid > 0,
  intents: [{ kind: 'payment', id: 'bill' }],
  faults: ['tool/slow'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: payer(false) },
})
