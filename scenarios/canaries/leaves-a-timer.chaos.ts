/** Wrong on purpose: the deadline of a call is cleared where the call succeeds, and goes on ticking where it fails. */
import { defineScenario } from 'agent-chaos'
import { nothingLeftRunning } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

/** Sooner than the agent itself gives a call up, so that it is this deadline that ends it. */
const deadlineMs = 12_000

type Deadline = <T>(work: Promise<T>) => Promise<T>

const clearOnSuccess: Deadline = (work) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it took too long')), deadlineMs)
    work.then((result) => {
      clearTimeout(timer)
      resolve(result)
    }, reject)
  })

const clearAlways: Deadline = (work) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it took too long')), deadlineMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })

const agentUnder =
  (deadline: Deadline): ReturnType<typeof agentWith> =>
  (context) =>
    agentWith({})({ ...context, tools: { refund: (order) => deadline(context.tools.refund(order)) } })

export default defineScenario({
  ...shop,
  name: 'leaves-a-timer',
  agent: agentUnder(clearOnSuccess),
  invariants: [nothingLeftRunning()],
  expect: { violates: 'nothing-left-running' },
  repaired: { agent: agentUnder(clearAlways) },
})
