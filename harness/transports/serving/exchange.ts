/**
 * One exchange on the side of whoever answers: what an endpoint delivers, told to a connection piece by piece, each in its
 * time. It is the same for a connection in memory and for a real one.
 */
import { bytesOf } from '../../contracts/body.js'
import { never } from '../../contracts/crossing.js'
import type { Delivery, Endpoint, Exchange, SentRequest, Settlement, Sleep } from '../../contracts/transport.js'

type Answer = Extract<Delivery, { kind: 'answer' }>
export type Loss = Exclude<Extract<Delivery, { kind: 'no-answer' }>['how'], 'silence'>

/** The way back to one client that asked. */
export interface WayBack {
  /** The connection stands, though no answer has come yet. */
  accept(): void
  /** Status and headers. `alone`: they leave at once, for nothing of the body is there yet. */
  head(answer: Answer, alone: boolean): void
  piece(bytes: Buffer): void
  /** Nothing more belongs to the answer. */
  end(): void
  /** Resolves when what was sent has come to the client, in no time. */
  arrived(): Promise<void>
  /** Ends the connection: as the network does, or, by `close`, in the middle of an answer and in good order. */
  lose(how: Loss | 'close'): void
  /** The endpoint itself failed. */
  fail(error: unknown): void
}

/** The client that asked, as far as whoever answers can know of it. */
export interface Caller {
  readonly sleep: Sleep
  /** Aborted when it went away, with how that looks from here as the reason. */
  readonly gone: AbortSignal
  /** True once its process is gone or its trial is over: nothing more reaches it, and nobody is told. */
  isCut(): boolean
}

/** Asks `endpoint`, and tells the client what it delivers. */
export function serve(endpoint: Endpoint, request: SentRequest, caller: Caller, back: WayBack): void {
  new Serving(caller, back).run(endpoint, request).catch((error: unknown) => back.fail(error))
}

class Serving {
  readonly #caller: Caller
  readonly #back: WayBack
  #exchange: Exchange | undefined
  #settled = false
  /** The head of an answer has gone out. */
  #begun = false

  constructor(caller: Caller, back: WayBack) {
    this.#caller = caller
    this.#back = back
  }

  async run(endpoint: Endpoint, request: SentRequest): Promise<void> {
    const { gone } = this.#caller
    const answering = endpoint(request)
    // A service that takes its time has taken the connection; one that cannot be reached says so at once.
    if (answering instanceof Promise) this.#back.accept()
    this.#exchange = answering instanceof Promise ? await answering : answering
    const { delivery, afterMs = 0 } = this.#exchange
    if (gone.aborted) return this.#leave()
    gone.addEventListener('abort', () => this.#leave())
    const how = delivery.kind === 'answer' ? undefined : delivery.how
    if (how !== 'refused' && how !== 'unresolved') this.#back.accept()
    // The client leaves when it has had enough of it.
    if (how === 'silence') return
    if (!(await this.#pass(afterMs))) return
    if (delivery.kind === 'answer') return this.#answer(delivery, hasBody(request, delivery))
    this.#settle(how ?? 'reset')
    this.#back.lose(how ?? 'reset')
  }

  async #answer(answer: Answer, isFollowed: boolean): Promise<void> {
    const { chunks, end, headers } = answer
    let missing = isFollowed ? Number(headers['content-length'] ?? 0) : 0
    const isWhole = chunks.length === 0 && end === 'close' && missing <= 0
    this.#back.head(answer, !isWhole && chunks[0]?.afterMs !== 0)
    this.#begun = true
    if (this.#exchange?.isKnownByHead) this.#settle('delivered')
    for (const chunk of chunks) {
      if (!(await this.#pass(chunk.afterMs))) return
      const bytes = bytesOf(chunk)
      missing -= bytes.length
      this.#back.piece(bytes)
    }
    if (end === 'stall') return
    if (end === 'close' && missing <= 0) {
      this.#settle('delivered')
      return this.#back.end()
    }
    // What came is in the client's hands before the connection goes away, cleanly or not.
    await this.#back.arrived()
    if (this.#caller.isCut()) return
    this.#settle('reset')
    this.#back.lose(end)
  }

  /** Whether the client is still there after `ms`. */
  async #pass(ms: number): Promise<boolean> {
    const { sleep, gone } = this.#caller
    try {
      if (ms > 0) await sleep(ms, gone)
    } catch (error) {
      if (!gone.aborted) throw error
    }
    if (this.#caller.isCut()) return never()
    return !gone.aborted
  }

  #leave(): void {
    this.#settle(this.#caller.gone.reason as Settlement)
  }

  #settle(how: Settlement): void {
    if (this.#settled || this.#caller.isCut()) return
    this.#settled = true
    this.#exchange?.settle(how, this.#begun)
  }
}

/** Whether the length that the headers tell is that of a body which follows (RFC 9110, section 8.6). */
function hasBody({ method }: SentRequest, { status }: Answer): boolean {
  return method !== 'HEAD' && status !== 304
}
