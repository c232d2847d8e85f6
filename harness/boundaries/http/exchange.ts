/**
 * One crossing of `http`. The request reaches the service as the plan has it, or does not. What the service answered
 * travels back as the plan has it. What happened to the client and what happened in the world are two things.
 */
import type { AnswerChange, CrashPhase, Ending, FailureCode, Reject } from '../../../faults/action.js'
import { isAnswerChange } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import {
  applyModifiers,
  type Crossings,
  type OpenCrossing,
  plannedDelayMs,
  unseenClass,
} from '../../contracts/crossing.js'
import type { Failure } from '../../contracts/failure.js'
import { adviceHeaders } from '../../contracts/retry-after.js'
import type { ErrorFacts, Outcome } from '../../contracts/trace.js'
import type { Delivery, Exchange } from '../../contracts/transport.js'
import { changeBody, earlierOutput } from '../calls/answer-change.js'
import { contentOf, errorAnswer, type PlainAnswer, plainAnswer, plainAnswerOf, statusOf, withBody } from './answer.js'
import { cutBody, deliveryOf, lengthOf } from './delivery.js'
import { bodyIn, httpOutput } from './output.js'
import type { Received } from './request.js'
import type { Executed, Service } from './service.js'

export interface Visit {
  readonly service: Service
  readonly received: Received
  readonly crossing: OpenCrossing<'http'>
  readonly crossings: Crossings
  /** Virtual sleep of the world's, which goes on when the agent crashes. */
  sleep(ms: number): Promise<void>
}

type HttpEnding = Extract<ActionAt<'http'>, Ending>
type Lost = Extract<Delivery, { kind: 'no-answer' }>['how']

/** For what an agent still asks when its process is gone. */
export const unanswerable: Exchange = { delivery: { kind: 'no-answer', how: 'silence' }, settle: () => {} }

/** Carries out the treatment of the visit's crossing. */
export function exchange(visit: Visit): Exchange | Promise<Exchange> {
  const { crossing, crossings, service } = visit
  const { ending } = crossing.treatment
  crossing.strike(isAnswerChange(ending) ? 'modifiers' : 'all')
  applyModifiers(crossing.treatment, crossings)
  const waitMs = service.parts.latencyMs + plannedDelayMs(crossing.treatment)
  return ending ? end(ending, visit, waitMs) : after(deliver(visit, waitMs), (done) => whole(visit, waitMs, done))
}

function end(ending: HttpEnding, visit: Visit, waitMs: number): Exchange | Promise<Exchange> {
  switch (ending.kind) {
    case 'refuse':
      return lose(visit, waitMs, ending.how)
    case 'reject':
      return reject(visit, waitMs, ending)
    case 'drop': {
      const silent = ending.symptom === 'timeout' || ending.symptom === 'hang'
      const answer = () => lose(visit, waitMs, silent ? 'silence' : 'reset')
      return ending.when === 'before' ? answer() : after(deliver(visit, waitMs), answer)
    }
    case 'cut':
      return after(deliver(visit, waitMs), (done) => cutShort(visit, waitMs, done, ending))
    case 'late':
      void visit.sleep(ending.ms).then(() => deliver(visit, waitMs))
      return lose(visit, waitMs, 'silence')
    case 'pretend':
      return whole(visit, waitMs, { answer: plainAnswer({ json: ending.result }), class: 'unknown', message: '' })
    case 'rewrite':
    case 'poison':
      return after(deliver(visit, waitMs), (done) => whole(visit, waitMs, applyChange(ending, done, visit)))
    case 'crash':
      return crash(ending.phase, visit, waitMs)
  }
}

/** Another body to an answer of success. The fault takes effect where it finds something to change. */
function applyChange(change: AnswerChange, done: Executed, { received, crossing, crossings }: Visit): Executed {
  const { answer } = done
  if (answer.status >= 400 || received.method === 'HEAD') return done
  const content = contentOf(answer)
  const body = changeBody(change, content, (call) => bodyIn(earlierOutput(crossings.events, crossing.number, call)))
  if (body.text === content.text && body.encoding === content.encoding) return done
  if (!crossings.frozen) crossing.strike()
  return { ...done, answer: withBody(answer, body) }
}

/** The service does its work, as often as the request is delivered; its first answer is the one that counts. */
function deliver({ service, received, crossing, sleep }: Visit, waitMs: number): Executed | Promise<Executed> {
  const execute = () => service.execute(received, crossing.number, waitMs)
  const first = execute()
  for (const modifier of crossing.treatment.modifiers) {
    if (modifier.kind !== 'repeat') continue
    for (let n = 1; n <= modifier.times; n++) void sleep(n * modifier.gapMs).then(execute)
  }
  return first
}

/** What an error answer says, it says by its status, before its body breaks off. */
function cutShort(
  visit: Visit,
  waitMs: number,
  done: Executed,
  { at, how }: Extract<HttpEnding, { kind: 'cut' }>,
): Exchange {
  const all = deliveryOf(done.answer, visit)
  const delivery = cutBody(all, at, how)
  if (done.answer.status >= 400) {
    return { ...exchangeOf(visit, waitMs, delivery, outcomeOf(done)), isKnownByHead: true }
  }
  const failure = { kind: 'cut', how, at: lengthOf(delivery), of: lengthOf(all) } as const
  const error = { name: 'CutAnswer', message: `the answer was cut: ${how}` }
  return exchangeOf(visit, waitMs, delivery, failureOutcome(visit, failure, error))
}

function whole(visit: Visit, waitMs: number, done: Executed): Exchange {
  return exchangeOf(visit, waitMs, deliveryOf(done.answer, visit), outcomeOf(done))
}

function outcomeOf({ answer, class: class_, message }: Executed): Outcome {
  const { status, headers } = answer
  const error = { name: 'HttpError', message, status, ...adviceIn(headers) }
  return status < 400
    ? { kind: 'ok', output: httpOutput(status, contentOf(answer)) }
    : { kind: 'failed', failure: { kind: 'error' }, error, class: class_ }
}

/** Answered by the service's front door, which never let the request in. */
function reject(visit: Visit, waitMs: number, ending: Reject<FailureCode>): Exchange {
  const { code, retryAfter, retryAfterMs, message = code } = ending
  const { idempotency, fail } = visit.service.parts
  const status = statusOf(code)
  if (status === undefined) return lose(visit, waitMs, code === 'refused' || code === 'unresolved' ? code : 'reset')
  const headers = adviceHeaders(ending)
  const answer = fail
    ? plainAnswerOf(fail(code, { retryAfter, retryAfterMs, message: ending.message }))
    : errorAnswer(idempotency.dialect, status, message, { headers })
  const error = { name: 'HttpError', message, status: answer.status, ...adviceIn(headers) }
  return exchangeOf(visit, waitMs, deliveryOf(answer, visit), failureOutcome(visit, { kind: 'error', code }, error))
}

/** What an answer advises about coming back, as it stands. */
function adviceIn({
  'retry-after': retryAfter,
  'retry-after-ms': retryAfterMs,
}: PlainAnswer['headers']): Pick<ErrorFacts, 'retryAfter' | 'retryAfterMs'> {
  return { ...(retryAfter !== undefined && { retryAfter }), ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

function lose(visit: Visit, waitMs: number, how: Lost): Exchange {
  const failure = { kind: 'lost', how } as const
  return exchangeOf(
    visit,
    waitMs,
    { kind: 'no-answer', how },
    failureOutcome(visit, failure, { name: 'ConnectionError', message: how }),
  )
}

/** The agent's process ends before the request leaves, while it waits, or with the answer in its hands. */
function crash(phase: CrashPhase, visit: Visit, waitMs: number): Exchange {
  const { crossing, crossings } = visit
  if (phase === 'before') {
    crossings.crash()
    return unanswerable
  }
  const executing = deliver(visit, waitMs)
  if (phase === 'during') void visit.sleep(waitMs / 2).then(() => crossings.crash())
  else {
    void Promise.resolve(executing)
      .then((done) => visit.sleep(waitMs).then(() => done))
      .then(({ answer }) => {
        crossing.finish({ kind: 'ok', output: httpOutput(answer.status, contentOf(answer)) })
        crossings.crash()
      })
  }
  return unanswerable
}

function failureOutcome({ crossing }: Visit, failure: Failure, error: ErrorFacts): Outcome {
  return { kind: 'failed', failure, error, class: crossing.endingClass }
}

/** Says how it went once the client knows. Nothing, where its process is gone: what the service did stands in the ledger. */
function exchangeOf({ crossing, crossings }: Visit, afterMs: number, delivery: Delivery, outcome: Outcome): Exchange {
  const abandoned: Outcome = {
    kind: 'failed',
    failure: { kind: 'given-up' },
    error: { name: 'AbortError', message: 'the client gave up waiting' },
    class: unseenClass(crossing),
  }
  return {
    delivery,
    afterMs,
    settle: (how, begun = false) => {
      if (crossings.frozen) return
      const left = how === 'gave-up' || how === 'idle'
      crossing.finish(left && isUnseen(outcome, begun) ? abandoned : outcome)
    },
  }
}

/** Whether a client that left does not know of it: of no answer at all it does, and of a status once it has the head. */
function isUnseen(outcome: Outcome, begun: boolean): boolean {
  if (outcome.kind === 'ok') return true
  return !begun && outcome.failure.kind !== 'lost'
}

/** Goes on at once where the service answered at once, so that no turn of the loop lies between. */
function after<A, B>(value: A | Promise<A>, next: (value: A) => B): B | Promise<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}
