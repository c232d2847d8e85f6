/**
 * Connections by which this process asks others: a pool to a database, a client of a cache. One that waits for an answer
 * is work, and one that idles is none. Node does not tell them apart, for both hold the event loop. So a line is held to
 * wait from when something was said until something was heard. Where nothing was said yet the other side may begin, and
 * does so soon or not at all.
 */
import { real } from './real.js'
import { shared } from './shared.js'

/** What holds the event loop, by the original methods. */
export interface Connection {
  ref(): unknown
  unref(): unknown
  destroy(): unknown
  /** The port at this end; `undefined` before it is connected. */
  localPort(): number | undefined
  /** How much has come over it so far. */
  bytesRead(): number
  /** Ends it, and nobody hears of that. */
  abandon(): void
}

const every = shared.lines as Set<ConnectionUse>

/** Real milliseconds in which a side that speaks first has spoken. */
const greetingMs = 1_000

export class ConnectionUse {
  readonly #held: Connection
  #isWaiting = true
  #isSilent = true
  /** What its owner asks for. */
  isWanted = true
  /** The other side keeps its answer back on purpose, from when so many bytes have come. */
  #isHeldFrom: number | undefined
  readonly #onRead = new Set<() => void>()
  readonly #onClosed = new Set<() => void>()

  constructor(held: Connection) {
    this.#held = held
    every.add(this)
    if (shared.ambient) real.setTimeout(() => this.stillSilent(), greetingMs).unref()
  }

  noteSent(): void {
    this.#isSilent = false
    this.#isWaiting = true
    this.settle()
  }

  noteReceived(): void {
    this.#isSilent = false
    shared.answersHeard++
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.settle()
  }

  /** Nothing was said for so long that nothing is waited for. */
  stillSilent(): void {
    if (!this.#isSilent) return
    this.#isWaiting = false
    this.settle()
  }

  want(isWanted: boolean): void {
    this.isWanted = isWanted
    this.settle()
  }

  end(): void {
    this.#held.destroy()
  }

  abandon(): void {
    this.#held.abandon()
    this.closed()
  }

  closed(): void {
    every.delete(this)
    for (const listener of [...this.#onClosed, ...this.#onRead]) listener()
  }

  get localPort(): number | undefined {
    return this.#held.localPort()
  }

  /** Something has come, and its owner has it. */
  noteRead(): void {
    for (const listener of this.#onRead) listener()
    this.settle()
  }

  /** The other side says nothing from now on until it is released; `sentBytes` are still to come, or have. */
  holdBack(sentBytes: number): void {
    this.#isHeldFrom = sentBytes
    this.settle()
  }

  release(): void {
    this.#isHeldFrom = undefined
    this.settle()
  }

  /** Resolves when all of it has come, or nothing comes any more. */
  async hasRead(sentBytes: number): Promise<void> {
    while (every.has(this) && this.#held.bytesRead() < sentBytes) {
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.#onRead.delete(listener)
          resolve()
        }
        this.#onRead.add(listener)
      })
    }
  }

  onClosed(listener: () => void): void {
    this.#onClosed.add(listener)
  }

  /** Holds the loop while it is wanted, and in a trial while it waits for what is not kept back on purpose. */
  settle(): void {
    const waits = this.#isWaiting && !this.#isHeldBack
    if (this.isWanted && (waits || !shared.ambient)) this.#held.ref()
    else this.#held.unref()
  }

  get #isHeldBack(): boolean {
    return this.#isHeldFrom !== undefined && this.#held.bytesRead() >= this.#isHeldFrom
  }
}

/** The connection that this process made from that port of its. */
export function lineFrom(port: number): ConnectionUse | undefined {
  return [...every].find((line) => line.localPort === port)
}

/** How many connections are open that their owner has not let go of. */
export function openLines(): number {
  return [...every].filter((line) => line.isWanted).length
}

/** From now on: what ends the connections that are made until it is called. */
export function endingLines(): () => void {
  const before = new Set(every)
  return () => {
    for (const line of every) if (!before.has(line)) line.end()
  }
}

/** A trial begins: lines from before it hold the loop where they wait for an answer. */
export function enterLines(): void {
  for (const line of every) {
    line.stillSilent()
    line.settle()
  }
}

/** Each line holds the loop as it is to, in a trial or outside. */
export function settleLines(): void {
  for (const line of every) line.settle()
}
