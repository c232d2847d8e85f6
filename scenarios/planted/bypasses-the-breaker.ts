/** Wrong on purpose: when all retries have failed there is one last try, and that one goes past the circuit breaker. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { breakerProfiles, breakerTrips } from 'agent-chaos/invariants'
import { Dependency, type Watch } from '../agent/dependency.js'
import { kindOf } from '../agent/failure.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { TaskStopped } from '../agent/task-stopped.js'
import { notifyAgent } from '../notify/agent.js'
import { mail, mailAgent } from '../notify/world.js'

const breaker = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 30_000 })
const policy = policies.round

class OneLastTry extends Dependency {
  override async call<T>(work: (signal: AbortSignal) => Promise<T>, watch?: Watch): Promise<T> {
    try {
      return await super.call(work, watch)
    } catch (error) {
      if (error instanceof TaskStopped || kindOf(error) === 'definite') throw error
      return work(AbortSignal.timeout(policy.toolMsMax))
    }
  }
}

export default defineScenario({
  ...mail,
  name: 'bypasses-the-breaker',
  agent: ({ task, tools, state, signal }) => {
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    const dependency = (name: string) => new OneLastTry(name, policy, { msMax: policy.toolMsMax, signal })
    const customers = mail.intents.map(({ id }) => id)
    return notifyAgent({ ...means, dependency }, { task, customers, send: tools.notify })
  },
  invariants: [breakerTrips({ dependencies: [{ ...breaker, site: 'tool:notify', timeoutMs: 15_000 }] })],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: mailAgent() },
})
