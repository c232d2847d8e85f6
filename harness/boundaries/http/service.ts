/**
 * One fake upstream: a handler, what it remembers of idempotency keys, and its entries in the ledger. It knows nothing
 * of faults; how its answers travel is `exchange.ts`'s to say.
 */
import type { FaultClass } from '../../../faults/fault.js'
import type { Json } from '../../../faults/json.js'
import type { Unstamped } from '../../contracts/crossing.js'
import { isUserError, type UserError } from '../../contracts/errors.js'
import type { Utility } from '../../contracts/provider.js'
import {
  handlerThrew,
  type ServiceAnswer,
  type ServiceHandler,
  type ServiceOptions,
  type ServiceRequest,
} from '../../contracts/service.js'
import type { EventOf } from '../../contracts/trace.js'
import { textOf } from '../calls/failures.js'
import type { ResolvedIdempotency } from '../effect/idempotency.js'
import { errorAnswer, type PlainAnswer, plainAnswer } from './answer.js'
import type { IdempotencyKeys, KeyClaim, KeyRefusal } from './idempotency-keys.js'
import type { Received } from './request.js'

export interface ServiceParts {
  readonly handler: ServiceHandler
  readonly idempotency: ResolvedIdempotency
  /** Whether the scenario says so itself. */
  readonly takesNoKeys: boolean
  readonly intent: ServiceOptions['intent'] | undefined
  /** Virtual milliseconds that an answer takes when nothing is wrong. */
  readonly latencyMs: number
  readonly keys: IdempotencyKeys
  /** Its errors in its own words, where it has any. */
  readonly fail?: Utility['fail']
  /** Virtual milliseconds since the trial began. */
  now(): number
  record(event: Unstamped): void
  /** Told of what the user has to fix, as the handler says. */
  readonly onMisuse?: ((error: UserError) => void) | undefined
}

/** What a service did with a request. */
export interface Executed {
  readonly answer: PlainAnswer
  /** What an oracle may rely on, where the service refused. */
  readonly class: FaultClass | 'unknown'
  readonly message: string
}

/** What the handler did. */
interface Handled {
  readonly answer: PlainAnswer
  readonly changed: boolean
  /** What it threw. */
  readonly threw?: string
}

export class Service {
  readonly parts: ServiceParts
  #working = 0

  constructor(parts: ServiceParts) {
    this.parts = parts
  }

  /** Whether a handler that takes its own time is at work. */
  get busy(): boolean {
    return this.#working > 0
  }

  /**
   * Does what the request asks. Its answer leaves `waitMs` after it is ready, and until then its key is in use. At once
   * where the handler answers at once.
   */
  execute(received: Received, crossing: number, waitMs: number): Executed | Promise<Executed> {
    const claim = this.#claim(received)
    if (claim.kind === 'refuse') return this.#refuse(claim.why, claim.status, received, crossing)
    if (claim.kind === 'replay') return this.#replay(claim.answer, received, crossing)
    const finish = ({ answer, changed, threw }: Handled): Executed => {
      claim.settle(answer, this.parts.now() + waitMs)
      this.#enter(received, crossing, answer.status >= 400 ? 'refused' : changed ? 'applied' : 'replayed')
      return asExecuted(answer, received.unsafe, threw)
    }
    const work = this.#handle(received)
    if (!(work instanceof Promise)) return finish(work)
    this.#working++
    return work.then((value) => {
      this.#working--
      return finish(value)
    })
  }

  #claim(received: Received): KeyClaim {
    const { profile } = this.parts.idempotency
    if (!profile || !received.unsafe) return { kind: 'execute', settle: () => {} }
    return this.parts.keys.claim(profile, received, this.parts.now())
  }

  /** A handler that throws is a service that answers 500; what it had changed by then stays changed. */
  #handle({ request }: Received): Handled | Promise<Handled> {
    const fail = (error: unknown) => this.#answerFailure(error)
    try {
      const answer = this.parts.handler(request)
      return answer instanceof Promise ? answer.then(asHandled).catch(fail) : asHandled(answer)
    } catch (error) {
      return fail(error)
    }
  }

  #answerFailure(error: unknown): Handled {
    if (isUserError(error)) this.parts.onMisuse?.(error)
    const message = error instanceof Error ? error.message : textOf(error)
    return { answer: errorAnswer(this.parts.idempotency.dialect, 500, message), changed: true, threw: message }
  }

  #refuse(why: KeyRefusal, status: number, received: Received, crossing: number): Executed {
    this.#enter(received, crossing, 'refused')
    const { message, ...kind } = keyRefusals[why]
    const answer = errorAnswer(this.parts.idempotency.dialect, status, message, kind)
    return { answer, class: why === 'in-progress' ? 'transient' : 'definite', message }
  }

  #replay(answer: PlainAnswer, received: Received, crossing: number): Executed {
    this.#enter(received, crossing, 'replayed')
    const headers = { ...answer.headers, 'idempotent-replayed': 'true' }
    return asExecuted({ ...answer, headers }, received.unsafe)
  }

  /**
   * A status of 400 and above counts as refused. Whether a service that failed with a 5xx had changed something before it
   * did cannot be known from outside; the world's own memory says so.
   */
  #enter(received: Received, crossing: number, status: EventOf<'effect'>['status']): void {
    if (!received.unsafe) return
    const { request, target, key } = received
    const intent = this.parts.intent ? this.parts.intent(request) : { kind: target, intent: request.body }
    if (intent === null) return
    this.parts.record({
      kind: 'effect',
      crossing,
      effect: { kind: intent.kind, id: String(intent.intent) },
      key: key ?? null,
      payload: payloadOf(request),
      status,
      steps: status === 'applied' ? [0] : [],
      stepsTotal: 1,
      ...(this.parts.takesNoKeys && { takesNoKeys: true }),
    })
  }
}

const keyRefusals: Record<KeyRefusal, { readonly message: string; readonly kind?: string; readonly code?: string }> = {
  missing: { message: 'This operation needs the header Idempotency-Key.' },
  mismatch: { message: 'This idempotency key came before with another request.', kind: 'idempotency_error' },
  'in-progress': {
    message: 'A request with this idempotency key is still in progress.',
    code: 'idempotency_key_in_use',
  },
}

/** Bytes as text, one character for each, for it is plain data. */
function payloadOf({ body, data }: ServiceRequest): Json {
  return body === '' ? null : data instanceof Uint8Array ? body : (data as Json)
}

function asHandled(answer: ServiceAnswer): Handled {
  return { answer: plainAnswer(answer), changed: answer.changed !== false }
}

function asExecuted(answer: PlainAnswer, unsafe: boolean, threw?: string): Executed {
  const why = threw === undefined ? '' : `${handlerThrew}${threw}`
  return { answer, class: classOf(answer.status, unsafe), message: `answered ${answer.status}${why}` }
}

/** What a status says of trying again, by RFC 9110. What is not there yet, or in conflict now, may be so later. */
function classOf(status: number, unsafe: boolean): FaultClass | 'unknown' {
  if ([408, 429, 503].includes(status)) return 'transient'
  if (status >= 500) return unsafe ? 'indeterminate' : 'transient'
  if (status === 409 || (status === 404 && !unsafe)) return 'unknown'
  return 'definite'
}
