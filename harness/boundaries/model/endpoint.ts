/**
 * The simulated model behind a provider's wire format: each request is a crossing of `model:NAME`, answered by the
 * scenario's model or as the plan says. What comes out is a delivery, a value, whatever transport carries it.
 */
import type { CrashPhase, Ending } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import { modelTraits } from '../../../faults/site.js'
import type { Conversation, Reply, Usage } from '../../contracts/conversation.js'
import {
  applyModifiers,
  type Crossings,
  type OpenCrossing,
  type Opening,
  plannedDelayMs,
  unseenClass,
} from '../../contracts/crossing.js'
import type { Cut, Failure } from '../../contracts/failure.js'
import type { Model, ModelContext } from '../../contracts/model.js'
import { type Price, priceOf } from '../../contracts/prices.js'
import type { ModelCall, Provider, ProviderSession, Refusal } from '../../contracts/provider.js'
import { retryAfterMs } from '../../contracts/retry-after.js'
import type { ErrorFacts, Outcome, ReplyFacts } from '../../contracts/trace.js'
import type { Delivery, Endpoint, Exchange, Settlement } from '../../contracts/transport.js'
import { sentOf, type Wiretap } from '../../contracts/wire.js'
import { substitute } from '../../models/substitute.js'
import { epochMs } from '../../sandbox/clock.js'
import { Conversations, modelOf, selectable } from './conversations.js'
import { keptOf, pace, type TimedAnswer, textOf, whole } from './delivery.js'
import { FailedCalls } from './failed-calls.js'
import type { IssuedIds } from './issued-ids.js'

export interface ModelEndpointOptions {
  readonly provider: Pick<Provider, 'name' | 'callIds' | 'prices'>
  readonly session: ProviderSession
  /** Those of the trial, which outlive a start of the agent. */
  readonly ids: IssuedIds
  readonly model: Model
  readonly context: ModelContext
  readonly crossings: Crossings
  /** Virtual milliseconds that an answer takes when nothing is wrong. */
  readonly latencyMs: number
  readonly wiretap?: Wiretap | undefined
}

type ModelCrossing = OpenCrossing<'model'>
type ModelEnding = Extract<ActionAt<'model'>, Ending>

/** What is to be delivered, and what the trace says of it once it was. */
interface Prepared {
  readonly delivery: Delivery
  readonly delivered: Outcome
  readonly reply?: ReplyFacts
}

/** One end of a line to a model. */
interface LineOptions extends ModelEndpointOptions {
  readonly failedCalls: FailedCalls
}

export function modelEndpoint(given: ModelEndpointOptions): Endpoint {
  const options = { ...given, failedCalls: new FailedCalls() }
  const { session, crossings, provider } = options
  const conversations = new Conversations(provider.name, crossings)
  return (request) => {
    const read = session.read(request)
    const { request: asked, identity, recordCrossing } = conversations.tell(read, request)
    const crossing = crossings.open('model', {
      target: modelOf(read),
      owner: provider.name,
      request: asked,
      identity,
      argument: () => selectable(read, provider.name),
      ...carriage(read),
      parent: null,
    })
    if (crossings.frozen) return unanswerable
    recordCrossing(crossing.number)
    applyModifiers(crossing.treatment, crossings)
    const { ending } = crossing.treatment
    if (ending?.kind === 'crash' && read.kind === 'call') return crash(ending.phase, crossing, read, options)
    const prepared = read.kind === 'call' ? prepare(crossing, read, options) : prepareRefusal(read)
    options.wiretap?.({ crossing: crossing.number, request: sentOf(request), delivery: prepared.delivery })
    return exchange(crossing, crossings, prepared, options.latencyMs + plannedDelayMs(crossing.treatment))
  }
}

/** What an answer can carry, and why it cannot what it cannot. */
function carriage(read: ModelCall | Refusal): Pick<Opening, 'traits' | 'lacks'> {
  if (read.kind === 'refusal') return { traits: [] }
  const lacks = { ...(!read.stream && { stream: 'the answer was not asked for as a stream' }), ...read.lacks }
  return { traits: modelTraits.filter((trait) => lacks[trait] === undefined), lacks }
}

/** The agent's process ends before it asks, while it waits, or with the answer in its hands. */
function crash(phase: CrashPhase, crossing: ModelCrossing, call: ModelCall, options: LineOptions): Exchange {
  const { provider, crossings, ids, model, context, latencyMs } = options
  crossing.strike()
  const waitMs = latencyMs + plannedDelayMs(crossing.treatment)
  if (phase === 'before') crossings.crash()
  else if (phase === 'during') void crossings.sleep(waitMs / 2).then(() => crossings.crash())
  else {
    const conversation = knownConversation(call, options)
    const reply = ids.issue(limit(model.reply(conversation, context), call), provider.callIds)
    const facts = replyFacts(reply, usageOf(call, reply), priceAt(call, provider))
    void crossings.sleep(waitMs).then(() => {
      crossing.finish({ kind: 'ok' }, facts)
      crossings.crash()
    })
  }
  return unanswerable
}

/** For what an agent still asks when its process is gone. */
const unanswerable: Exchange = { delivery: { kind: 'no-answer', how: 'silence' }, settle: () => {} }

function prepare(crossing: ModelCrossing, call: ModelCall, options: LineOptions): Prepared {
  const ending = crossing.treatment.ending as Exclude<ModelEnding, { kind: 'crash' }> | undefined
  if (ending === undefined || ending.kind === 'answer' || ending.kind === 'cut' || ending.kind === 'stream-error') {
    return prepareAnswer(crossing, call, ending, options)
  }
  crossing.strike()
  return prepareNoAnswer(ending, crossing, options)
}

/** The model is asked, and its answer arrives: whole, in part, or replaced. */
function prepareAnswer(
  crossing: ModelCrossing,
  call: ModelCall,
  ending: Extract<ModelEnding, { kind: 'answer' | 'cut' | 'stream-error' }> | undefined,
  options: LineOptions,
): Prepared {
  const { provider, session, ids, model, context } = options
  const conversation = knownConversation(call, options)
  let own: Reply | undefined
  const ask = () => {
    own ??= model.reply(conversation, context)
    return own
  }
  const instead = ending?.kind === 'answer' ? substitute(ending.reply, { ...call, conversation }, ask) : ask()
  const said = limit(instead, call)
  const { modifiers } = crossing.treatment
  const reply = ids.issue(said, provider.callIds)
  const usage = usageOf(call, reply)
  const paced = pace(session.write(call, reply, usage), modifiers, session)
  const facts = replyFacts(reply, usage, priceAt(call, provider))
  const kept =
    ending && ending.kind !== 'answer' ? keptOf(ending, paced, (bytes) => session.arrived(call, bytes)) : paced
  // The model's own answer in place of its own is no fault. Nor is what the request forbids, or a break in what the answer has
  // not. What delays it is one.
  const isUntouched =
    ending?.kind === 'answer' ? own !== undefined && isSame(said, limit(own, call)) : kept === undefined
  if (!isUntouched || modifiers.length > 0) crossing.strike(isUntouched ? 'modifiers' : 'all')
  if (!ending || ending.kind === 'answer' || kept === undefined) {
    return { delivery: paced, delivered: { kind: 'ok' }, reply: facts }
  }
  return { ...prepareBroken(ending, kept, paced, { crossing, call, session }), reply: facts }
}

/** An answer of which `kept` arrives. */
function prepareBroken(
  ending: Extract<ModelEnding, { kind: 'cut' | 'stream-error' }>,
  kept: TimedAnswer,
  answer: TimedAnswer,
  { crossing, call, session }: { crossing: ModelCrossing; call: ModelCall; session: ProviderSession },
): Prepared {
  const failed = (end: Pick<Cut, 'how' | 'code'>, error: ErrorFacts) =>
    failureOutcome(crossing, prepareBreak(end, textOf(kept), answer, call, session), error)
  if (ending.kind === 'cut') {
    const error = { name: 'CutAnswer', message: `the answer was cut: ${ending.how}` }
    return { delivery: kept, delivered: failed({ how: ending.how }, error) }
  }
  const { code } = ending
  const event = { afterMs: 0, text: session.failInStream(code, textOf(kept)) }
  return {
    delivery: { ...kept, chunks: [...kept.chunks, event] },
    delivered: failed({ how: 'error', code }, { name: 'StreamError', message: code }),
  }
}

/** What the model is told: its own ids, and failures as such, however the agent put them. */
function knownConversation(
  { conversation }: ModelCall,
  { ids, failedCalls, crossings, provider }: LineOptions,
): Conversation {
  return ids.asModelKnows(failedCalls.mark(conversation, crossings.events), provider.callIds)
}

/** The model's own answer never arrives. */
function prepareNoAnswer(
  ending: Extract<ModelEnding, { kind: 'refuse' | 'reject' | 'drop' }>,
  crossing: ModelCrossing,
  { session, crossings }: LineOptions,
): Prepared {
  switch (ending.kind) {
    case 'refuse':
      return prepareLoss(ending.how, crossing)
    case 'drop':
      return prepareLoss(ending.symptom === 'timeout' || ending.symptom === 'hang' ? 'silence' : 'reset', crossing)
    case 'reject': {
      const { retryAfter, retryAfterMs, message } = ending
      const answer = session.fail(ending.code, {
        retryAfter,
        retryAfterMs,
        message,
        waitMs: waitOf(retryAfter, crossings),
      })
      const error = {
        name: 'HttpError',
        message: ending.code,
        status: answer.status,
        ...(retryAfter && { retryAfter }),
        ...(retryAfterMs && { retryAfterMs }),
      }
      return {
        delivery: whole(answer),
        delivered: failureOutcome(crossing, { kind: 'error', code: ending.code }, error),
      }
    }
  }
}

/** How long a client is told to wait that is answered now; the events so far say when that is. */
function waitOf(retryAfter: string | undefined, { events }: Crossings): number | undefined {
  return retryAfterMs(retryAfter, epochMs + (events.at(-1)?.at ?? 0))
}

function prepareLoss(how: 'silence' | 'reset' | 'refused' | 'unresolved', crossing: ModelCrossing): Prepared {
  return {
    delivery: { kind: 'no-answer', how },
    delivered: failureOutcome(crossing, { kind: 'lost', how }, { name: 'ConnectionError', message: how }),
  }
}

/** A request that the real API would refuse: the agent's own mistake, and no fault of ours. */
function prepareRefusal({ answer, message, reason }: Refusal): Prepared {
  const error = { name: 'HttpError', message, status: answer.status }
  const failure = { kind: 'refusal', reason } as const
  return { delivery: whole(answer), delivered: { kind: 'failed', failure, error, class: 'definite' } }
}

function failureOutcome(crossing: ModelCrossing, failure: Failure, error: ErrorFacts): Outcome {
  return { kind: 'failed', failure, error, class: crossing.endingClass }
}

/** What the client can know of an answer of which no more than `text` came. */
function prepareBreak(
  end: Pick<Cut, 'how' | 'code'>,
  text: string,
  answer: TimedAnswer,
  call: ModelCall,
  session: ProviderSession,
): Cut {
  return { kind: 'cut', ...end, at: text.length, of: textOf(answer).length, arrived: session.arrived(call, text) }
}

function exchange(crossing: ModelCrossing, crossings: Crossings, prepared: Prepared, afterMs: number): Exchange {
  return {
    delivery: prepared.delivery,
    afterMs,
    settle: (how: Settlement, begun = false) => {
      if (crossings.frozen) return
      const outcome = how === 'gave-up' ? abandonedOutcome(prepared, crossing, begun) : prepared.delivered
      crossing.finish(outcome, prepared.reply)
    },
  }
}

/** The client stopped waiting; an answer that was still on its way, in good health or an error, it never saw. */
function abandonedOutcome({ delivered }: Prepared, crossing: ModelCrossing, begun: boolean): Outcome {
  if (delivered.kind === 'failed' && (begun || delivered.failure.kind === 'lost')) return delivered
  const error = { name: 'AbortError', message: 'the client gave up waiting' }
  return { kind: 'failed', failure: { kind: 'given-up' }, error, class: unseenClass(crossing) }
}

/** A model that may call one tool at a time asks for the others when it is asked again. */
function limit(reply: Reply, { callsMax = Number.POSITIVE_INFINITY }: ModelCall): Reply {
  let calls = 0
  const blocks = reply.blocks.filter(({ kind }) => kind === 'text' || ++calls <= callsMax)
  return blocks.length === reply.blocks.length ? reply : { ...reply, blocks }
}

/** Of replies that were made of the same blocks. */
function isSame(left: Reply, right: Reply): boolean {
  const { blocks, stop, gaveUp } = left
  return (
    stop === right.stop &&
    gaveUp === right.gaveUp &&
    blocks.length === right.blocks.length &&
    blocks.every((block, index) => block === right.blocks[index])
  )
}

/** About four characters a token, as providers' own rules of thumb have it. */
function usageOf(call: ModelCall, reply: Reply): Usage {
  let characters = 0
  for (const block of reply.blocks) {
    characters += charactersOf(block)
  }
  const { inputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = call
  return {
    inputTokens,
    outputTokens: Math.ceil(characters / 4) + 1 + reasoningTokens,
    ...(cachedInputTokens > 0 && { cachedInputTokens }),
    ...(reasoningTokens > 0 && { reasoningTokens }),
  }
}

function charactersOf(block: Reply['blocks'][number]): number {
  if (block.kind === 'text') return block.text.length
  return block.name.length + (block.kind === 'broken-call' ? block.text : JSON.stringify(block.input)).length
}

function priceAt({ conversation }: ModelCall, { prices }: ModelEndpointOptions['provider']): Price | null {
  return priceOf(conversation.model, prices.models) ?? null
}

function replyFacts({ blocks, stop, gaveUp = false }: Reply, usage: Usage, price: Price | null): ReplyFacts {
  return { blocks, stop, gaveUp, usage, price }
}
