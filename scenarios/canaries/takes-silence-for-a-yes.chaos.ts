/** Wrong on purpose: when nobody has answered the question for half a minute, it goes on as if the answer had been yes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario, say, script } from 'agent-chaos'
import { approvalAwaited } from 'agent-chaos/invariants'

interface Tools {
  approve(question: string): Promise<string>
  refund(orderId: string): Promise<unknown>
}

/** `silence` is what no answer counts as. */
function clerk(silence: string) {
  return async ({ tools }: { readonly tools: Tools }) => {
    const answer = await inTime(tools.approve('Refund order 42?')).catch(() => silence)
    if (answer !== 'yes') throw new Error(`order 42 was not refunded: the answer was "${answer}"`)
    await inTime(tools.refund('42'))
    return 'refunded'
  }
}

/** Nothing is waited for without an end. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new AbortController()
  const deadline = sleep(30_000, undefined, { signal: late.signal }).then(() => {
    throw new Error('no answer in 30 s')
  })
  deadline.catch(() => {})
  return Promise.race([work, deadline]).finally(() => late.abort())
}

export default defineScenario<{ refunds: number }, Tools>({
  name: 'takes-silence-for-a-yes',
  task: 'Refund order 42, if it is approved.',
  state: () => ({ refunds: 0 }),
  world: ({ state, effect }) => ({
    tools: {
      approve: async () => 'yes',
      refund: (orderId) => effect({ kind: 'refund', intent: orderId, key: orderId }, () => ++state.refunds),
    },
  }),
  model: script([say('not asked')]),
  agent: clerk('yes'),
  goal: ({ state }) => state.refunds === 1,
  invariants: [
    approvalAwaited({ approvals: { refund: { by: 'tool:approve', grants: (answer) => answer === 'yes' } } }),
  ],
  expect: { violates: 'approval-awaited' },
  repaired: { agent: clerk('none') },
})
