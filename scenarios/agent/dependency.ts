/**
 * Something that the agent depends on and that fails on its own: a service, a tool, the model. Calls go through three
 * layers, and their order matters: retries outside, then the circuit breaker, then the deadline. Inside the breaker a
 * whole series of retries would count as one failure, and it would not open until three series had been spent.
 */
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  halfJitterGenerator,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
  type IRetryBackoffContext,
  type RetryPolicy,
  retry,
  type TimeoutPolicy,
  TimeoutStrategy,
  timeout,
} from 'cockatiel'
import { Failure } from './failure.js'
import { monotonicMs } from './monotonic.js'
import type { Policy } from './policy.js'
import { TaskStopped } from './task-stopped.js'

/** Called for every attempt. Either may throw a `TaskStopped`, and there is no further attempt. */
export interface Watch {
  admit(): void
  onEnd(attempt: Attempt): void
  /** It watches over undoing, which goes on when the task is called off: that is when it is needed. */
  readonly undoes?: boolean | undefined
}

export type Attempt = { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly error: unknown }

export interface DependencyOptions {
  /** How long one attempt may take. */
  readonly msMax: number
  /** Whether to wait while the breaker is open, or to fail at once: right where there is another way. */
  readonly waits?: boolean
  /** Once aborted, nothing is begun any more, but what undoes. */
  readonly signal?: AbortSignal
  readonly monitor?: Monitor
}

/** Called with a circuit breaker when it is made, and of whose it is: what watches over breakers comes in here. */
export type Monitor = (breaker: CircuitBreakerPolicy, name: string) => void

const unwatched: Watch = { admit: () => {}, onEnd: () => {} }

/** Shared by all that call it, so that what one of them learns spares the others. */
export class Dependency {
  readonly name: string
  readonly #policy: Policy
  readonly #retries: RetryPolicy
  readonly #breaker: CircuitBreakerPolicy
  readonly #deadline: TimeoutPolicy
  readonly #signal: AbortSignal | undefined
  #restsUntilMs = 0

  constructor(name: string, policy: Policy, { msMax, waits = true, signal, monitor }: DependencyOptions) {
    this.name = name
    this.#signal = signal
    this.#policy = policy
    const passes = (error: Error) => !(error instanceof TaskStopped) && policy.mayPass(error)
    const counts = (error: Error) => !(error instanceof TaskStopped) && policy.countsAgainst(error)
    this.#retries = retry(
      handleWhen((error) => passes(error) && (waits || !isRest(error))),
      { maxAttempts: policy.attemptsMax - 1, backoff: this.#backoff(waits) },
    )
    this.#breaker = circuitBreaker(handleWhen(counts), {
      breaker: new ConsecutiveBreaker(policy.breakerAfter),
      halfOpenAfter: this.#reset(),
    })
    this.#breaker.onBreak(() => {
      this.#restsUntilMs = Math.max(this.#restsUntilMs, monotonicMs() + policy.breakerResetMs)
    })
    monitor?.(this.#breaker, name)
    this.#deadline = timeout(msMax, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
  }

  /** Whether calls are refused at the moment. */
  get rests(): boolean {
    return this.#restMs() > 0
  }

  /** Resolves to what `work` does, unless that tells of an error. `work` is run once per attempt and must be safe to run again. */
  call<T>(work: (signal: AbortSignal) => Promise<T>, watch = unwatched): Promise<T> {
    return this.#retries.execute(async () => {
      if (this.#signal?.aborted && !watch.undoes) throw new TaskStopped('it was called off')
      watch.admit()
      const result = await this.#attempt(work, watch)
      watch.onEnd({ kind: 'ok' })
      return result
    })
  }

  async #attempt<T>(work: (signal: AbortSignal) => Promise<T>, watch: Watch): Promise<T> {
    if (this.rests) throw this.#rest()
    try {
      return await this.#breaker.execute(() => this.#deadline.execute(({ signal }) => this.#answer(work(signal))))
    } catch (error) {
      // Another call may have opened the breaker while this one waited for its turn.
      if (error instanceof BrokenCircuitError) throw this.#rest()
      watch.onEnd({ kind: 'failed', error })
      this.#heed(error)
      throw error
    }
  }

  /** What one caller was told holds for the next one too, who would come back sooner than the other side asks. */
  #heed(error: unknown): void {
    if (!this.#policy.mayPass(error)) return
    this.#restsUntilMs = Math.max(this.#restsUntilMs, monotonicMs() + this.#policy.adviceMs(error))
  }

  /** An error that comes as an answer counts with the breaker too, like any other. */
  async #answer<T>(work: Promise<T>): Promise<T> {
    const answer = await work
    const failure = this.#policy.failureIn(answer)
    if (failure) throw failure
    return answer
  }

  /** The library goes by the wall clock, which can jump; it is told that its time is up, or never is, as ours says. */
  #reset(): IBackoffFactory<unknown> {
    const restMs = () => this.#restMs()
    const ours: IBackoff<unknown> = {
      get duration() {
        return restMs() > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      },
      next: () => ours,
    }
    return ours
  }

  #restMs(): number {
    return Math.max(0, this.#restsUntilMs - monotonicMs())
  }

  #rest(): Failure {
    return new Failure(restCode, `${this.name} has failed too often and is left alone for now`, 'transient')
  }

  /** Exponential, with jitter so that callers do not come back all at once; never sooner than the other side asks. */
  #backoff(waits: boolean) {
    const { firstPauseMs: initialDelay, pauseMsMax: maxDelay, attemptsMax: maxAttempts } = this.#policy
    // Half of the pause is certain: other kinds of jitter now and then come back at once.
    const options = { generator: halfJitterGenerator, initialDelay, maxDelay, maxAttempts, exponent: 2 }
    return new DelegateBackoff<IRetryBackoffContext<unknown>, number>(({ result }, state) => {
      const [own, next] = halfJitterGenerator(state, options)
      const advised = 'error' in result ? this.#policy.adviceMs(result.error) : 0
      return { delay: Math.max(own, advised, waits ? this.#restMs() : 0), state: next }
    })
  }
}

const restCode = 'CIRCUIT_OPEN'

function isRest(error: Error): boolean {
  return error instanceof Failure && error.code === restCode
}
