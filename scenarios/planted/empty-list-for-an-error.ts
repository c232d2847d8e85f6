/** Wrong on purpose: where the search fails it answers with no results, and the model takes that for what is known. */
import { defineScenario } from 'agent-chaos'
import { toolErrorsStructured } from 'agent-chaos/invariants'
import { desk, deskAgent } from '../research/world.js'

export default defineScenario({
  ...desk,
  name: 'empty-list-for-an-error',
  agent: (context) => {
    const { search } = context.tools
    return deskAgent()({ ...context, tools: { ...context.tools, search: (query) => search(query).catch(() => []) } })
  },
  invariants: [toolErrorsStructured()],
  expect: { violates: 'tool-errors-structured' },
  repaired: { agent: deskAgent() },
})
