/**
 * A reply that broke off is no reply. What was broken is taken from the wire: a cut, or an error event in the stream.
 * What it would have said is taken from the model. So the agent's own view of it does not matter.
 */
import { asksModel } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, siteName, type Trace, textOfReply, wasDeceived } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { type Ask, asksOf, mayBe, sameAsk } from './reading/model-asks.js'

/** A reply of the model that broke off is not acted on. On by default. */
export const partialReplyNotActedOn = (): Invariant => ({
  name: 'partial-reply-not-acted-on',
  kind: 'safety',
  promise:
    'A reply of the model that broke off is not acted on. No tool call of it runs before the model asked for it again ' +
    'in a whole reply. Nor is it taken for the last answer.',
  antecedent: 'A reply was cut, or an error came in its stream.',
  example:
    'The connection closed in the middle of a stream, cleanly. The client saw the end of the body and took it for the ' +
    'end of the message. It ran the tool call that it had got so far, and told the customer that all was done.',
  check: (trace) => {
    const crossings = crossingsOf(trace)
    const broken = crossings.filter(isBroken)
    if (broken.length === 0) return vacuous('no reply of the model broke off')
    for (const reply of broken) {
      const verdict = judgeRuns(reply, crossings)
      if (verdict) return verdict
    }
    return judgeEnd(trace, crossings) ?? held
  },
})

function isBroken({ call, result }: Crossing): boolean {
  return asksModel(call.site) && result?.outcome.kind === 'failed' && result.outcome.failure.kind === 'cut'
}

function isWhole({ call, result }: Crossing): boolean {
  return asksModel(call.site) && result?.reply !== undefined && result.outcome.kind === 'ok'
}

/** Of what nothing had come the agent knows nothing, whatever it runs. */
function hasArrived({ result }: Crossing): (ask: Ask) => boolean {
  const failure = result?.outcome.kind === 'failed' ? result.outcome.failure : undefined
  const arrived = failure?.kind === 'cut' ? failure.arrived : undefined
  const begun = [...(arrived?.toolCalls ?? []), ...(arrived?.partial ? [arrived.partial] : [])]
  return ({ id }) => begun.some((call) => call.id === id)
}

/** A tool call that only the broken reply can have asked for. */
function judgeRuns(broken: Crossing, crossings: readonly Crossing[]): Verdict | undefined {
  for (const ask of asksOf(broken).filter(hasArrived(broken))) {
    const run = crossings.find(
      (candidate) =>
        candidate.callIndex > broken.callIndex &&
        mayBe(candidate, ask) &&
        !isAskedFor(ask, candidate, broken, crossings),
    )
    if (!run) continue
    const site = siteName(run.call.site)
    return violated(
      `ran:${site}`,
      `The agent ran ${site}, which the model had asked for only in a reply that broke off.`,
      [broken.callIndex, run.callIndex],
    )
  }
  return undefined
}

/** Whether a whole reply asked for it: since the break, or before it with the call not yet made successfully. */
function isAskedFor(ask: Ask, run: Crossing, broken: Crossing, crossings: readonly Crossing[]): boolean {
  const whole = crossings.filter((each) => isWhole(each) && each.resultIndex < run.callIndex)
  if (whole.some((each) => each.resultIndex > broken.callIndex && asksOf(each).some((other) => mayBe(run, other)))) {
    return true
  }
  // Another ask that the run fits as well: what it belongs to cannot be told.
  const earlier = whole.flatMap(asksOf).filter((other) => mayBe(run, other))
  const done = crossings.filter(
    (each) => each.callIndex < broken.callIndex && mayBe(each, ask) && each.result?.outcome.kind === 'ok',
  )
  return earlier.some((other) => !sameAsk(other, ask)) || earlier.length > done.length
}

/** The last that the agent heard from the model before it claimed success broke off. */
function judgeEnd(trace: Trace, crossings: readonly Crossing[]): Verdict | undefined {
  const claimIndex = trace.events.findIndex((event) => event.kind === 'claim')
  const claim = trace.events[claimIndex]
  if (claim?.kind !== 'claim' || claim.claim !== 'success') return undefined
  const last = crossings.findLast(({ call, callIndex }) => asksModel(call.site) && callIndex < claimIndex)
  if (!last || !isBroken(last)) return undefined
  const how = last.result?.outcome.kind === 'failed' ? last.result.outcome.error.message : ''
  const evidence = [last.callIndex, ...(last.resultIndex < claimIndex ? [last.resultIndex] : []), claimIndex]
  if (isTruncation(claim.result, last.result?.reply ? textOfReply(last.result.reply) : '')) {
    return violated(
      'truncated-answer',
      `The agent gave out part of a reply that broke off (${how}) as its answer.`,
      evidence,
    )
  }
  // The goal may have been reached before that reply, and the claim rest on what was done.
  if (trace.goal || wasDeceived(trace)) return undefined
  if (trace.goal === null) return inconclusive('goal() threw')
  return violated(
    'taken-as-finished',
    `The last reply of the model broke off (${how}), and the agent claimed success as if it had ended there.`,
    evidence,
  )
}

/** So much of a reply's beginning, at the end of a longer text, is no coincidence. */
const tellingLength = 12

/** Whether a text in the agent's result is, or ends with, the beginning of the reply and lacks its end. */
function isTruncation(result: string, reply: string): boolean {
  return textsIn(result).some((text) => {
    if (text.length < reply.length && reply.startsWith(text)) return true
    for (let length = Math.min(text.length, reply.length - 1); length >= tellingLength; length--) {
      if (text.endsWith(reply.slice(0, length))) return true
    }
    return false
  })
}

/** Every text in a result, which stands in the trace as JSON; none where it was too long to stand there whole. */
function textsIn(result: string): string[] {
  try {
    return texts(JSON.parse(result))
  } catch {
    return []
  }
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}
