/** Wrong on purpose: a message is noted down when it has been sent; a crash between the two, and it is sent again. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import type { Journal } from '../agent/journal.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { notifyAgent } from '../notify/agent.js'
import { mail, mailAgent } from '../notify/world.js'

const policy = { ...policies.round, keyFor: () => undefined }

/** Notes what was done, and nothing of what is only begun. */
function checkpoints(journal: Journal): Journal {
  return {
    ...journal,
    write: async (entry) => {
      if (entry.status === 'done') await journal.write(entry)
    },
  }
}

export default defineScenario({
  ...mail,
  name: 'checkpoint-after-the-effect',
  agent: ({ task, tools, state, signal }) => {
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    const customers = mail.intents.map(({ id }) => id)
    return notifyAgent({ ...means, journal: checkpoints(means.journal) }, { task, customers, send: tools.notify })
  },
  // An answer that is lost on its way would show that there is no key; here it is about what a crash leaves behind.
  faults: ['process/crash', 'transient'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: mailAgent() },
})
