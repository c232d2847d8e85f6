import { runsTool } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { siteName, type Trace } from '../contracts/trace.js'
import { vacuous } from '../contracts/verdict.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { taking, wholeAtLeast } from './reading/options.js'
import { judgeProgress } from './reading/run-limits.js'
import { becauseUnseen } from './reading/unseen-tools.js'
import { weightiest } from './reading/weightiest.js'

/** How many equal answers are too many. */
export interface ProgressOptions {
  /** Equal answers in a row to equal calls of a tool, after which that call is not made any more; 5. */
  readonly repeats?: number
}

/** No tool is called again with the same input that gave the same answer `repeats` times in a row. */
export const makesProgress = taking(
  'makesProgress',
  { repeats: wholeAtLeast(1) },
  ({ repeats = 5 }: ProgressOptions = {}): Invariant => ({
    name: 'makes-progress',
    kind: 'safety',
    promise: `No tool is called again with the same input that gave the same answer ${repeats} times in a row.`,
    antecedent: `A call gave the same answer ${repeats} times in a row.`,
    remedy: 'Stop, or go another way, when the same call brings the same answer again.',
    example:
      'The model asked for the same search again and again, and every answer was fine and the same. No error was ever ' +
      'counted, and the agent went on until somebody looked at the bill.',
    exemptions: {
      news:
        'In between a tool gave an answer that it had not given to that call before, or something changed in the world: one of ' +
        'several flows may wait for another.',
      failures: 'A failure is no answer, nor is an answer that was false: it breaks the row.',
      'given-up':
        'The answer took a second or more, and the agent did not go on in the very instant in which it came: it may have given the ' +
        'call up.',
      'in-flight': 'Calls that had begun when the last of the answers came.',
      restart: 'What the agent had counted is gone with a crash.',
    },
    check: (trace) =>
      weightiest(
        attemptsOf(trace).map((attempt) => judgeProgress(attempt.crossings, repeats, newsIn(trace, attempt))),
        vacuous(becauseUnseen('no call gave the same answer so often', trace)),
      ),
  }),
)

/** News is an answer that no tool gave to that call before, and a change in the world. */
function newsIn({ events }: Trace, { from, to, crossings }: AgentAttempt): (after: number, before: number) => boolean {
  const changes = events.flatMap((event, index) => {
    const changed = event.kind === 'effect' && (event.status === 'applied' || event.status === 'partial')
    return changed && index >= from && index < to ? [index] : []
  })
  const seen = new Set<string>()
  const answers = crossings.flatMap(({ call, result, resultIndex }) => {
    if (!runsTool(call.site) || result?.outcome.kind !== 'ok') return []
    const answer = JSON.stringify([siteName(call.site), call.identity, result.outcome.output])
    if (seen.has(answer)) return []
    seen.add(answer)
    return [resultIndex]
  })
  const news = [...changes, ...answers]
  return (after, before) => news.some((index) => index > after && index < before)
}
