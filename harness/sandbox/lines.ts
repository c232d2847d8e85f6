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

  closed(): void {
    every.delete(this)
  }

  /** Holds the loop while it is wanted, and in a trial while it waits. */
  settle(): void {
    if (this.isWanted && (this.#isWaiting || !shared.ambient)) this.#held.ref()
    else this.#held.unref()
  }
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
