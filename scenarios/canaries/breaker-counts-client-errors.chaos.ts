/** Wrong on purpose: the circuit breaker counts refusals too, and opens on a service that is well and only says no. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { breakerConforms, breakerProfiles } from 'agent-chaos/invariants'
import { ConsecutiveBreaker, circuitBreaker, handleAll, handleWhen, type Policy } from 'cockatiel'
import { kindOf } from '../agent/failure.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { notifyAgent } from '../notify/agent.js'
import { mail, type mailAgent } from '../notify/world.js'

const [failures, resetMs] = [3, 30_000]
const site = 'tool:notify'

const customers = mail.intents.map(({ id }) => id)
/** The agent's own breaker stays out of it. */
const policy = { ...policies.round, breakerAfter: Number.POSITIVE_INFINITY }

const agentCounting =
  (counted: Policy): ReturnType<typeof mailAgent> =>
  ({ task, tools, state, signal, observe }) => {
    const breaker = circuitBreaker(counted, { halfOpenAfter: resetMs, breaker: new ConsecutiveBreaker(failures) })
    observe.cockatiel(breaker, site)
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    const send: typeof tools.notify = (message) => breaker.execute(() => tools.notify(message))
    return notifyAgent(means, { task, customers, send })
  }

export default defineScenario({
  ...mail,
  name: 'breaker-counts-client-errors',
  agent: agentCounting(handleAll),
  invariants: [
    breakerConforms({
      dependencies: [
        { ...breakerProfiles.cockatiel({ consecutive: failures, halfOpenAfter: resetMs }), site, timeoutMs: Infinity },
      ],
    }),
  ],
  expect: { violates: 'breaker-conforms' },
  repaired: { agent: agentCounting(handleWhen((error) => kindOf(error) !== 'definite')) },
})
