/**
 * A reply that broke off is no reply, and a call whose input is no JSON is no call. What was broken is taken from the wire: a
 * cut, an error event in the stream, an answer that ended in the middle of a call. What had come of it by then is, too. So the
 * agent's own view of it does not matter.
 */
import { asksModel, runsTool } from '../contracts/boundary.js'
import type { Arrived } from '../contracts/failure.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Ask, asksOf, mayBe, sameAsk } from '../contracts/model-asks.js'
import { type Crossing, crossingsOf, siteName, type Trace, textOfReply } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { type Begun, cutValueIn, holdsValue, isAsMeant, isMadeFrom } from './reading/broken-asks.js'
import { cameToNothing, isSentFromElsewhere } from './reading/came-of-run.js'
import { isDeceived } from './reading/deception.js'
import { taking } from './reading/options.js'
import { mayRunUnseen, unseen } from './reading/unseen-tools.js'

/** A reply of the model that broke off, or a call in it that did, is not acted on. On by default. */
export const partialReplyNotActedOn = taking(
  'partialReplyNotActedOn',
  {},
  (): Invariant => ({
    name: 'partial-reply-not-acted-on',
    kind: 'safety',
    harm: true,
    promise:
      'What of a reply had not come whole when it broke off is not acted on. A tool call that was cut, or whose input is no ' +
      'JSON, does not run: not as it came, not repaired, and not run together with a further attempt. Nor is a reply that broke ' +
      'off taken for the last answer.',
    antecedent:
      'A reply was cut, an error came in its stream, or a call in it has an input that is cut off or no JSON.',
    remedy: 'Act on a tool call once its input is whole and the answer has said why it ended.',
    example:
      'The connection closed in the middle of a stream, cleanly. The client saw the end of the body and took it for the ' +
      'end of the message. It closed the brackets of a tool call that was cut, and ran it with half an amount.',
    exemptions: {
      'came-whole': 'The tool call had come whole, though the reply broke off after it.',
      'asked-for-again': 'A call that came whole asked for the same since.',
      'asked-for-before': 'A call that came whole had asked for the same before, and it had not been made.',
      'read-as-meant':
        'The reply was whole, but for an input that was cut off or no JSON, and what ran is just what the model had meant.',
      'came-to-nothing':
        'Nothing was done that can be seen. The tool refused its input, a fault struck the call, or a tool whose work is seen ' +
        'elsewhere had nothing left to do.',
      'sent-from-elsewhere':
        'All that the tool did holds the values as the model meant them, or texts of its own, and not what was cut.',
      'other-values': 'It was made with values that cannot be taken from what had come.',
      'tool-unseen':
        'The agent runs that tool where it is not seen. Of what it sends then, a field that bears the name of a cut one and holds ' +
        'its beginning is counts against it. The rest cannot be judged.',
      'goal-reached': 'Of the last answer: the goal was reached, or a fault that looks like success took effect.',
    },
    check: (trace) => {
      const crossings = crossingsOf(trace)
      const broken = crossings.filter((each) => isBroken(each) || begunIn(each).length > 0)
      if (broken.length === 0) return vacuous('no reply of the model broke off, and none held a call that was broken')
      for (const reply of broken) {
        const verdict = judgeRuns(reply, trace, crossings) ?? judgeUnseen(reply, crossings)
        if (verdict) return verdict
      }
      const verdict = judgeEnd(trace, crossings)
      if (verdict) return verdict
      return broken.some((reply) => isUntied(reply, crossings)) ? vacuous(untied) : held
    },
  }),
)

function isBroken({ call, result }: Crossing): boolean {
  return asksModel(call.site) && result?.outcome.kind === 'failed' && result.outcome.failure.kind === 'cut'
}

function arrivedOf({ result }: Crossing): Arrived | undefined {
  const failure = result?.outcome.kind === 'failed' ? result.outcome.failure : undefined
  return failure?.kind === 'cut' ? failure.arrived : undefined
}

/** A call of the model's that had not come whole, what it had in mind, and how it is told of. */
interface Half {
  readonly begun: Begun
  readonly ask: Ask | undefined
  /** All that was to come has come. */
  readonly isWhole: boolean
  readonly how: string
}

function begunIn(reply: Crossing): Half[] {
  const partial = arrivedOf(reply)?.partial
  if (partial) {
    const ask = asksOf(reply).find(({ id }) => id === partial.id)
    return [{ begun: partial, ask, isWhole: false, how: 'only in a reply that broke off in the middle of that call' }]
  }
  if (reply.result?.outcome.kind !== 'ok') return []
  const { blocks = [], stop } = reply.result.reply ?? {}
  return blocks.flatMap((block) => {
    if (block.kind !== 'broken-call') return []
    const { id, name, text, meant } = block
    const how =
      stop === 'tool-use'
        ? 'only in a call whose input is no JSON'
        : `only in a reply that ended in the middle of that call (${stop})`
    return [{ begun: { id, name, input: text }, ask: { id, tool: name, input: meant }, isWhole: true, how }]
  })
}

/** A tool call that was made from one that had not come whole. */
function judgeRuns(broken: Crossing, trace: Trace, crossings: readonly Crossing[]): Verdict | undefined {
  for (const { begun, ask, isWhole, how } of begunIn(broken)) {
    const run = crossings.find(
      (candidate) =>
        candidate.callIndex > broken.callIndex &&
        isMadeFrom(candidate, begun, ask?.input) &&
        !(isWhole && isAsMeant(candidate, ask?.input ?? null)) &&
        !cameToNothing(candidate, trace) &&
        !isSentFromElsewhere(candidate, begun.input, ask?.input, trace) &&
        !isAskedFor(candidate, ask, broken, crossings),
    )
    if (!run) continue
    const site = siteName(run.call.site)
    const story = `The agent ran ${site}, for which the model had asked ${how}.`
    return violated(`ran:${site}`, story, [broken.callIndex, run.callIndex])
  }
  return undefined
}

/** What the agent sent with a value that was cut, before the model had answered again, where it runs its tools unseen. */
function judgeUnseen(broken: Crossing, crossings: readonly Crossing[]): Verdict | undefined {
  const answered = crossings.find((each) => each.resultIndex > broken.resultIndex && wholeAsksOf(each).length > 0)
  const until = answered?.resultIndex ?? Number.POSITIVE_INFINITY
  const heard = crossings.filter((each) => each.resultIndex >= 0 && each.resultIndex < until).flatMap(wholeAsksOf)
  const sent = actsAfter(broken, crossings).filter(({ callIndex }) => callIndex < until)
  for (const { begun, ask } of begunIn(broken)) {
    if (!mayRunUnseen(begun.name, crossings)) continue
    for (const act of sent) {
      const cut = cutValueIn(act, begun, ask?.input)
      if (!cut || heard.some(({ input }) => holdsValue(input, cut))) continue
      const site = siteName(act.call.site)
      const story = `The agent called ${site} with ${cut.field} ${JSON.stringify(cut.value)}, of which only that had come when the reply of the model broke off.`
      return violated(`ran:${site}`, story, [broken.callIndex, act.callIndex])
    }
  }
  return undefined
}

const untied = `nothing ties what was sent after a reply broke off to what that asked for: ${unseen}`

/** Whether what the agent did after the break may be the call that was cut. */
function isUntied(broken: Crossing, crossings: readonly Crossing[]): boolean {
  const isUnseen = begunIn(broken).some(({ begun }) => mayRunUnseen(begun.name, crossings))
  return isUnseen && actsAfter(broken, crossings).length > 0
}

/** The agent's own calls of the world since. */
function actsAfter(broken: Crossing, crossings: readonly Crossing[]): Crossing[] {
  return crossings.filter(
    ({ call, callIndex }) =>
      callIndex > broken.callIndex &&
      call.parent === null &&
      !asksModel(call.site) &&
      !runsTool(call.site) &&
      !(call.request.kind === 'http' && call.request.changesNothing),
  )
}

/** Whether it was asked for in a call that came whole: since the break, or before it and not yet made successfully. */
function isAskedFor(run: Crossing, ask: Ask | undefined, broken: Crossing, crossings: readonly Crossing[]): boolean {
  const heard = crossings.filter((each) => asksModel(each.call.site) && each.callIndex < run.callIndex)
  const asks = heard.flatMap((each) => wholeAsksOf(each).map((other) => ({ each, other })))
  const fitting = asks.filter(({ other }) => mayBe(run, other))
  if (fitting.some(({ each }) => each.callIndex >= broken.callIndex)) return true
  // Another ask that the run fits as well: what it belongs to cannot be told.
  if (fitting.some(({ other }) => !ask || !sameAsk(other, ask))) return true
  const done = crossings.filter(
    (each) => each.callIndex < broken.callIndex && ask && mayBe(each, ask) && each.result?.outcome.kind === 'ok',
  )
  return fitting.length > done.length
}

/** The calls of a reply that the agent has had in full. */
function wholeAsksOf(reply: Crossing): Ask[] {
  if (!isBroken(reply)) return reply.result?.outcome.kind === 'ok' ? asksOf(reply) : []
  return (arrivedOf(reply)?.toolCalls ?? []).map(({ id, name, input }) => ({ id, tool: name, input }))
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
  if (trace.goal || isDeceived(trace)) return undefined
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
