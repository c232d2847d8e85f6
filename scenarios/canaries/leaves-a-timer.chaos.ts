/** Wrong on purpose: the deadline of a call is cleared where the call succeeds, and goes on ticking where it fails. */
import { defineScenario } from 'agent-chaos'
import { nothingLeftRunning } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

const deadlineMs = 60_000

function withDeadline<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it took too long')), deadlineMs)
    work.then((result) => {
      clearTimeout(timer)
      resolve(result)
    }, reject)
  })
}

export default defineScenario({
  ...shop,
  name: 'leaves-a-timer',
  agent: (context) =>
    agentWith({})({ ...context, tools: { refund: (order) => withDeadline(context.tools.refund(order)) } }),
  invariants: [nothingLeftRunning()],
  expect: { violates: 'nothing-left-running' },
})
