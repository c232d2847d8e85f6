/** Wrong on purpose: what was reserved stays reserved when the refund turns out to be impossible. */
import { defineScenario } from 'agent-chaos'
import { compensates } from 'agent-chaos/invariants'
import { company, companyAgent } from '../refund/company.js'

export default defineScenario({
  ...company,
  name: 'no-compensation',
  agent: companyAgent({ undoes: false }),
  invariants: [compensates({ pairs: { reserve: 'release' } })],
  expect: { violates: 'compensates' },
  repaired: { agent: companyAgent() },
})
