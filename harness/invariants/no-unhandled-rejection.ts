import type { Invariant } from '../contracts/invariant.js'
import { quote } from '../contracts/recorded-text.js'
import { held, violated } from '../contracts/verdict.js'
import { taking } from './reading/options.js'

/** No promise is rejected without a handler, and no exception goes uncaught. On by default. */
export const noUnhandledRejection = taking(
  'noUnhandledRejection',
  {},
  (): Invariant => ({
    name: 'no-unhandled-rejection',
    kind: 'safety',
    promise: 'No promise is rejected without a handler and no exception goes uncaught, for either ends a Node process.',
    antecedent: 'Always.',
    remedy: 'Await every promise that may fail, or handle its rejection.',
    example:
      'The agent started three tool calls and awaited them one by one. The third failed while the first was still ' +
      'running, nobody was listening yet, and the process went down with every other task in it.',
    check: ({ events }) => {
      const index = events.findIndex((event) => event.kind === 'unhandled')
      const event = events[index]
      if (event?.kind !== 'unhandled') return held
      const what = event.how === 'rejection' ? 'A promise was rejected with no handler' : 'An exception was not caught'
      return violated(
        `${event.how}:${event.error.name}`,
        `${what}: ${event.error.name}: ${quote(event.error.message)}`,
        [index],
      )
    },
  }),
)
