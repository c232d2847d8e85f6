import { asksModel } from '../contracts/boundary.js'
import type { RefusalReason } from '../contracts/failure.js'
import type { Invariant } from '../contracts/invariant.js'
import { crossingsOf } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { taking } from './reading/options.js'

/** The model API accepts what the agent sends, whatever went wrong before. On by default. */
export const transcriptWellFormed = taking(
  'transcriptWellFormed',
  {},
  (): Invariant => ({
    name: 'transcript-well-formed',
    kind: 'safety',
    promise: 'What the agent sends to the model API is what the API accepts, whatever went wrong before.',
    antecedent: 'The agent called the model.',
    remedy: 'Answer every tool call of an answer in the very next message, with one result each.',
    example:
      'A tool failed, and the agent left its result out. The next request held a tool call without an answer, the API ' +
      'refused it with 400, and so it did with every later one: the conversation was dead.',
    exemptions: {
      fault: 'A fault made the refusal.',
      thread: 'The API only says that it does not keep a message thread; no message was wrong.',
      length: 'The conversation is more than the model reads; no message was wrong.',
    },
    check: (trace) => {
      const calls = crossingsOf(trace).filter(({ call }) => asksModel(call.site))
      if (calls.length === 0) return vacuous('the model was never called')
      for (const { result, resultIndex, callIndex } of calls) {
        if (result?.outcome.kind !== 'failed') continue
        const { failure, error } = result.outcome
        if (failure.kind !== 'refusal' || reasonsOutsideForm.has(failure.reason)) continue
        const { status, message } = error
        return violated(
          `refused:${status ?? 'unknown'}`,
          `The model API refused a request of the agent's for its form: ${message}`,
          [callIndex, resultIndex],
        )
      }
      return held
    },
  }),
)

/**
 * Of these no message was wrong. A thread that is not kept is answered by sending the whole conversation again. A conversation
 * is too long where a tool had more to say than anybody expected; to stop is then honest.
 */
const reasonsOutsideForm: ReadonlySet<RefusalReason> = new Set([
  'unknown-thread',
  'thread-continued-already',
  'too-long',
])
