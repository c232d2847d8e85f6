import type { Invariant } from '../contracts/invariant.js'
import type { End } from '../contracts/trace.js'
import { held, inconclusive, violated } from '../contracts/verdict.js'

/** The agent answers, fails or exits, whatever goes wrong around it. On by default. */
export const terminates = (): Invariant => ({
  name: 'terminates',
  kind: 'safety',
  promise: 'The agent comes to an end: it answers, fails or exits, whatever goes wrong around it.',
  antecedent: 'Always.',
  example:
    'The model API accepted the request and never answered. The agent had set no timeout, so it waited for ever, and ' +
    'the customer with it.',
  check: ({ end, events }) => {
    const story = stories[end.kind]
    if (end.kind === 'stuck') {
      return inconclusive(`real work was still in flight at the watchdog's limit: ${end.resources.join(', ')}`)
    }
    const signature = end.kind === 'killed' ? `killed:${end.why}` : end.kind
    return story === undefined ? held : violated(signature, story(end), [events.length - 1])
  },
})

const killed = {
  unresponsive: 'The agent never gave the processor back and was ended by the watchdog.',
  memory: 'The agent took more memory than it was allowed and was ended by the watchdog.',
  died: 'The process that the agent ran in died under it.',
} as const

const stories: { readonly [K in End['kind']]?: (end: End) => string } = {
  deadlock: () => 'The agent waits for something that will never come: nothing is in flight and no timer is set.',
  horizon: () => 'The agent was still at work when it had spent ten times its budget of time or turns.',
  killed: (end) => (end.kind === 'killed' ? killed[end.why] : ''),
}
