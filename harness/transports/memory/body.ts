/**
 * The body of an answer that does not arrive in one piece: chunks in virtual time, and every way in which a body ends.
 * Apart from `memory.ts`, whose common path needs none of this.
 */
import type { UnderlyingSource } from 'node:stream/web'
import { bytesOf } from '../../contracts/body.js'
import type { Chunk, Delivery, Settlement, Sleep } from '../../contracts/transport.js'
import { bodyReset, bodyTimedOut, idleLimitMs } from '../client-errors.js'

type Answer = Extract<Delivery, { kind: 'answer' }>

/** What a body needs of the exchange that it belongs to. */
export interface BodyContext {
  readonly answer: Answer
  readonly sleep: Sleep
  readonly signal: AbortSignal | undefined
  readonly settle: (how: Settlement) => void
}

/** One chunk for each read, when its time has come. It settles once: at its end, on an abort, or when it is cancelled. */
export function bodyOf(context: BodyContext): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(new BodySource(context), { highWaterMark: 0 })
}

class BodySource implements UnderlyingSource<Uint8Array> {
  readonly #context: BodyContext
  #next = 0
  #open = true
  #waiting: AbortController | undefined
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(context: BodyContext) {
    this.#context = context
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { signal } = this.#context
    this.#controller = controller
    if (signal?.aborted) this.#onAbort()
    else signal?.addEventListener('abort', this.#onAbort)
  }

  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | undefined {
    const { chunks, end } = this.#context.answer
    const chunk = chunks[this.#next]
    if (!chunk) return this.#end(controller)
    this.#next++
    if (chunk.afterMs > idleLimitMs) return this.#stall(controller)
    if (chunk.afterMs > 0) return this.#wait(chunk.afterMs).then(() => this.#deliver(controller, chunk))
    this.#deliver(controller, chunk)
    // The last chunk and the end come together, which saves a reader one turn.
    return end === 'close' && this.#next === chunks.length ? this.#end(controller) : undefined
  }

  cancel(): void {
    this.#settle('gave-up')
  }

  #deliver(controller: ReadableStreamDefaultController<Uint8Array>, chunk: Chunk): void {
    if (this.#open) controller.enqueue(bytesOf(chunk))
  }

  #end(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | undefined {
    switch (this.#context.answer.end) {
      case 'close':
        this.#settle('delivered')
        controller.close()
        return undefined
      case 'reset':
        this.#settle('reset')
        controller.error(bodyReset())
        return undefined
      case 'stall':
        return this.#stall(controller)
    }
  }

  /** Nothing more comes, until the client's idle limit. */
  async #stall(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    await this.#wait(idleLimitMs)
    if (!this.#open) return
    this.#settle('idle')
    controller.error(bodyTimedOut())
  }

  readonly #onAbort = (): void => {
    if (!this.#open) return
    this.#settle('gave-up')
    this.#controller?.error(this.#context.signal?.reason)
  }

  /** Ends early, without an error, when the body is settled meanwhile. */
  async #wait(ms: number): Promise<void> {
    const waiting = new AbortController()
    this.#waiting = waiting
    try {
      await this.#context.sleep(ms, waiting.signal)
    } catch (error) {
      if (this.#open) throw error
    }
  }

  #settle(how: Settlement): void {
    if (!this.#open) return
    this.#open = false
    this.#context.signal?.removeEventListener('abort', this.#onAbort)
    this.#waiting?.abort(settledAlready)
    this.#context.settle(how)
  }
}

const settledAlready = 'the exchange is over'
