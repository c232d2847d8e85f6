import type { Invariant } from '../contracts/invariant.js'
import type { End, KilledWhy } from '../contracts/trace.js'
import { held, inconclusive, violated } from '../contracts/verdict.js'
import { taking } from './reading/options.js'

/** The agent answers, fails or exits, whatever goes wrong around it. On by default. */
export const terminates = taking(
  'terminates',
  {},
  (): Invariant => ({
    name: 'terminates',
    kind: 'safety',
    outcome: true,
    promise: 'The agent comes to an end: it answers, fails or exits, whatever goes wrong around it.',
    antecedent: 'Always.',
    remedy: 'Give every call a deadline, and the loop a bound on turns and time.',
    example:
      'The model API accepted the request and never answered. The agent had set no timeout, so it waited for ever, and ' +
      'the customer with it.',
    check: ({ end, events }) => {
      const story = stories[end.kind]
      if (end.kind === 'stuck') {
        return inconclusive(`real work was still in flight at the watchdog's limit: ${end.resources.join(', ')}`)
      }
      if (end.kind === 'killed' && isUntold(end.why)) return inconclusive(untold[end.why])
      return story === undefined ? held : violated(signatureOf(end), story(end), [events.length - 1])
    },
  }),
)

/** Nobody can say of these what the agent would have come to. */
const untold = {
  starved: 'the machine gave the trial hardly any processor time, alone too: it was ended at the limit of real time',
  unknown: "it was ended at the limit of real time, and this system does not tell what it did: see 'trialTimeout'",
} as const

function isUntold(why: KilledWhy): why is keyof typeof untold {
  return why in untold
}

/** The same however fast the machine is, and however busy. */
function signatureOf(end: End): string {
  if (end.kind !== 'killed') return end.kind
  if (end.why === 'overlong') return 'horizon'
  return `killed:${end.why === 'blocked' ? 'unresponsive' : end.why}`
}

const killed: { readonly [W in Exclude<KilledWhy, keyof typeof untold>]: string } = {
  unresponsive: 'The agent never gave the processor back and was ended by the watchdog.',
  blocked:
    'The agent blocked its process, waiting for something in a call that holds up everything else, and was ended by ' +
    'the watchdog.',
  overlong: 'The agent was still at work when it had spent ten times the real time that a trial may take.',
  memory: 'The agent took more memory than it was allowed and was ended by the watchdog.',
  died: 'The process that the agent ran in died under it.',
}

const stories: { readonly [K in End['kind']]?: (end: End) => string } = {
  deadlock: () => 'The agent waits for something that will never come: nothing is in flight and no timer is set.',
  horizon: () => 'The agent was still at work when it had spent ten times its budget of time or turns.',
  killed: (end) => (end.kind === 'killed' && !isUntold(end.why) ? killed[end.why] : ''),
}
