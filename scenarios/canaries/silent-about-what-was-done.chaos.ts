/** Wrong on purpose: when the second step fails it reports that the task failed, and not that the first step was taken. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario, say, script } from 'agent-chaos'
import { appliedEffectsReported } from 'agent-chaos/invariants'

interface Tools {
  refund(orderId: string): Promise<unknown>
  mail(orderId: string): Promise<unknown>
}

/** `reports` makes the failure's words from the error and from what may have been done by then. */
function clerk(reports: (error: Error, done: readonly string[]) => string) {
  return async ({ tools }: { readonly tools: Tools }) => {
    const done: string[] = []
    try {
      done.push('refund')
      await inTime(tools.refund('42'))
      done.push('mail')
      await inTime(tools.mail('42'))
      return 'refunded, and the customer knows'
    } catch (error) {
      throw new Error(reports(error as Error, done))
    }
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

export default defineScenario<{ refunds: number; mails: number }, Tools>({
  name: 'silent-about-what-was-done',
  task: 'Refund order 42 and write to the customer.',
  state: () => ({ refunds: 0, mails: 0 }),
  world: ({ state, effect }) => ({
    tools: {
      refund: (orderId) => effect({ kind: 'refund', intent: orderId, key: orderId }, () => ++state.refunds),
      mail: (orderId) => effect({ kind: 'mail', intent: orderId, key: orderId }, () => ++state.mails),
    },
  }),
  model: script([say('not asked')]),
  agent: clerk(() => 'the task could not be done'),
  goal: ({ state }) => state.refunds === 1 && state.mails === 1,
  invariants: [appliedEffectsReported()],
  expect: { violates: 'applied-effects-reported' },
  repaired: { agent: clerk((error, done) => `${error.message}; done, or perhaps done: ${done.join(', ')}`) },
})
