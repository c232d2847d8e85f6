import { asksModel, isRemote, runsTool } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { asksOf, mayBe, timesAskedIn } from '../contracts/model-asks.js'
import { agentCallsOf, type Crossing, crossingsOf, siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { inOneAttempt } from './reading/attempts.js'
import { isHeard, rootOf } from './reading/flows.js'
import { taking } from './reading/options.js'
import { isFalse } from './reading/outcomes.js'
import { goesOnWith, isAnsweredAsBefore, isAskedAnew, isSameRequest } from './reading/repetition.js'

/** A call that failed for good (a 400, say) is not made again unchanged by the agent itself. */
export const permanentErrorsNotRetried = taking(
  'permanentErrorsNotRetried',
  {},
  (): Invariant => ({
    name: 'permanent-errors-not-retried',
    kind: 'safety',
    promise:
      'A call that failed for good (a 400, say) is not made again unchanged by the agent itself. That goes for a loop, a ' +
      'workflow or a queue that starts it over, too.',
    antecedent: 'A call of the agent failed with an error that says that it will never succeed.',
    remedy: 'Retry what may pass alone (408, 409, 429, 5xx, no answer), and give up on what is refused for good.',
    example:
      'The tool answered 400: no such order. The workflow took every error for a hiccup and started the agent over. The ' +
      'model asked for the same refund again, and got the same 400, five times.',
    exemptions: {
      'the-model-asks-again':
        'The model asks for the call again and was told something new since. Asked the same as before the error, as by a ' +
        'loop that is started over, it can only repeat itself. So that counts against the agent.',
      'broke-off':
        'The model was being told of the error, and that question failed for another reason: what is started over then is not ' +
        'started over for the error.',
      'asked-for-twice': 'One reply of the model asked for the same call twice, and both were made.',
      'another-call-in-between':
        'The agent did something in between that may have fixed the cause, and it ended well: a request that it had not made ' +
        'before, or one that was answered otherwise than before. Steps that a loop makes once more are none.',
      'too-many-requests':
        'A 429 says "later" by its status, whatever its text says. How often a call is made again then, other limits say.',
      'written-in-between':
        'A file was read or removed once more, and between the two there was another attempt to write it: each attempt looks at ' +
        'what it wrote, and clears away what it left.',
      'new-credentials': 'After a 401 the call may be made once more, for credentials stand in no trace.',
      restart: 'The agent crashed in between: what it had been told went with it.',
      'given-up':
        'The error of a tool took a second or more, and the agent did not go on in the very instant in which it came: it may have ' +
        'given the call up.',
    },
    check: (trace) => {
      const calls = agentCallsOf(trace)
      const refused = calls.filter((call) => isRefusedForGood(call) && isKnown(call, calls))
      if (refused.length === 0) return vacuous('no call failed for good, soon enough to be heard')
      return refused.map((crossing) => judge(trace, crossing, calls)).find((verdict) => verdict !== undefined) ?? held
    },
  }),
)

function judge(trace: Trace, refused: Crossing, calls: readonly Crossing[]): Verdict | undefined {
  // What comes after that one is judged by how that one ended.
  const again = calls.find((later) => later.callIndex > refused.resultIndex && isSameRequest(refused, later))
  if (!again || isExcused(trace, refused, again)) return undefined
  const site = siteName(again.call.site)
  return violated(site, `The agent made the same call to ${site} again after an error that is for good.`, [
    refused.resultIndex,
    again.callIndex,
  ])
}

function isRefusedForGood({ result }: Crossing): boolean {
  if (result?.outcome.kind !== 'failed') return false
  return result.outcome.class === 'definite' && result.outcome.error.status !== 429
}

/** Of requests over the wire the trace says itself where the agent waited no longer. */
function isKnown(refused: Crossing, calls: readonly Crossing[]): boolean {
  return isRemote(refused.call.site) || isHeard(refused, calls)
}

function isExcused(trace: Trace, refused: Crossing, again: Crossing): boolean {
  return (
    !inOneAttempt(trace, refused.resultIndex, again.callIndex) ||
    mayHaveNewCredentials(trace, refused, again) ||
    isModelsIdea(trace, refused, again) ||
    hasBrokenOff(trace, refused, again) ||
    isOtherwiseNow(trace, refused, again) ||
    isWrittenBetween(trace, refused, again)
  )
}

/** Whether both look at a file, or remove it, and there was an attempt to write it between them. */
function isWrittenBetween(trace: Trace, refused: Crossing, again: Crossing): boolean {
  const { request } = again.call
  if (request.kind !== 'file' || mayWrite(request.asked)) return false
  return agentCallsOf(trace).some(
    ({ call, callIndex }) =>
      callIndex > refused.resultIndex &&
      callIndex < again.callIndex &&
      call.request.kind === 'file' &&
      call.request.path === request.path &&
      mayWrite(call.request.asked),
  )
}

/** As the trace has them. */
const writesNothing: ReadonlySet<string> = new Set(['read', 'open', 'remove'])

function mayWrite(asked: string): boolean {
  return !writesNothing.has(asked)
}

/** RFC 9110, 15.5.2: the request may be repeated with other credentials. Once, for then it is known that they do not help. */
function mayHaveNewCredentials(trace: Trace, refused: Crossing, again: Crossing): boolean {
  const { outcome } = refused.result ?? {}
  if (outcome?.kind !== 'failed' || outcome.error.status !== 401) return false
  return !agentCallsOf(trace).some(
    (before) =>
      before !== refused &&
      before.callIndex < again.callIndex &&
      isSameRequest(before, again) &&
      isRefusedForGood(before) &&
      inOneAttempt(trace, before.callIndex, again.callIndex),
  )
}

/** Whether the model asked for it, and something other than starting over had led to that. */
function isModelsIdea(trace: Trace, refused: Crossing, again: Crossing): boolean {
  if (asksModel(again.call.site)) return false
  const replies = crossingsOf(trace).filter(
    ({ call, result, resultIndex }) =>
      asksModel(call.site) && result?.outcome.kind === 'ok' && resultIndex < again.callIndex,
  )
  const since = replies.filter(({ resultIndex }) => resultIndex > refused.resultIndex)
  const last = since.at(-1) ?? replies.at(-1)
  const idea = [...since, ...(last ? [last] : [])].filter(
    (reply) => reply === last || asksOf(reply).some((ask) => mayBe(again, ask)),
  )
  const asked = askedBy(trace, refused)
  return idea.some((reply) =>
    reply.callIndex < refused.resultIndex
      ? isOneOfSeveral(reply, again, trace)
      : (asked !== undefined && goesOnWith(reply, asked, trace)) || !isAskedAnew(reply, refused, trace),
  )
}

/** The question whose answer led to the call, as far as is known. */
function askedBy(trace: Trace, { call, callIndex }: Crossing): Crossing | undefined {
  const replies = crossingsOf(trace).filter(
    ({ call: { site }, result, resultIndex }) =>
      asksModel(site) && result?.outcome.kind === 'ok' && resultIndex < callIndex,
  )
  return replies.findLast((reply) => asksOf(reply).some((ask) => mayBe({ call }, ask))) ?? replies.at(-1)
}

/** Whether a question that went on from there failed, and was never answered. */
function hasBrokenOff(trace: Trace, refused: Crossing, again: Crossing): boolean {
  const asked = askedBy(trace, refused)
  if (!asked) return false
  const questions = crossingsOf(trace).filter(
    ({ call, callIndex }) => asksModel(call.site) && callIndex > refused.resultIndex && callIndex < again.callIndex,
  )
  return questions.some(
    (question) =>
      question.result?.outcome.kind === 'failed' &&
      question.result.outcome.class !== 'definite' &&
      goesOnWith(question, asked, trace) &&
      !questions.some((other) => isSameRequest(other, question) && other.result?.outcome.kind === 'ok'),
  )
}

/** Whether the reply asked for the call so often that this one, too, is what it asked for. */
function isOneOfSeveral(reply: Crossing, again: Crossing, trace: Trace): boolean {
  const made = agentCallsOf(trace).filter(
    (call) =>
      call.callIndex > reply.resultIndex &&
      (call === again || (call.callIndex < again.callIndex && usesUpAsk(call))) &&
      isSameRequest(call, again),
  ).length
  return made <= timesAskedIn(reply, again)
}

/**
 * Whether the ask that it was made for is done with. What failed for the moment is made once more by right, and so is
 * what got a false answer. A file is written as often as one ask needs.
 */
function usesUpAsk(call: Crossing): boolean {
  const { outcome } = call.result ?? {}
  if (outcome?.kind === 'failed') return outcome.class === 'definite' || outcome.class === 'unknown'
  return !isFalse(call) && call.call.request.kind !== 'file'
}

/** Whether the agent did something in between that is more than its steps once more. */
function isOtherwiseNow(trace: Trace, refused: Crossing, again: Crossing): boolean {
  const calls = agentCallsOf(trace)
  const between = calls.filter(
    ({ callIndex, resultIndex, result }) =>
      callIndex > refused.resultIndex && resultIndex < again.callIndex && result?.outcome.kind === 'ok',
  )
  const wasMade = (call: Crossing) =>
    calls.some((before) => before.callIndex < refused.callIndex && isSameRequest(before, call))
  const isStartedOver = between.some((call) =>
    asksModel(call.call.site) ? isAskedAnew(call, refused, trace) : wasMade(call) && isForChange(call, trace),
  )
  return between.some((call) => {
    if (asksModel(call.call.site) || !hasAnswer(call)) return false
    return !wasMade(call) || (!isStartedOver && !isAnsweredAsBefore(call, refused, calls))
  })
}

/** What a file is told, it does not answer. */
function hasAnswer({ call: { site } }: Crossing): boolean {
  return runsTool(site) || isRemote(site)
}

function isForChange({ call }: Crossing, trace: Trace): boolean {
  const crossings = crossingsOf(trace)
  return trace.events.some((event) => {
    const made = event.kind === 'effect' ? crossings[event.crossing] : undefined
    return made !== undefined && rootOf(made, crossings).call.crossing === call.crossing
  })
}
