/**
 * Delivers completions of work on the thread pool in the order in which that work started. The pool finishes equal reads
 * that run side by side in any order; handed on as they come, a trial would not be repeatable. Work on files also begins
 * one after the other: what a rename finds must not hang on whether a write beside it was faster.
 */
import { real } from './real.js'

interface Ticket {
  /** What tells the agent; `undefined` while the work is in flight. */
  deliver: (() => void) | undefined
  /** Let go of, because everything waited for it and it for something else: it is delivered when it comes. */
  passed: boolean
}

/** To be called once, when the work is done: `deliver` is called when it is its turn. */
export type Complete = (deliver: () => void) => void

/** The completions of one trial, first started first. */
export class Sequence {
  readonly #tickets: Ticket[] = []
  /** What begins each work on files that has not ended: the first is under way, the others wait. */
  readonly #onFiles: (() => void)[] = []
  #delivering = false
  #closed = false

  /** Begins work now, and takes a place for it; what it throws is thrown, and leaves no place behind. */
  start(begin: (complete: Complete) => void): void {
    this.#begin(this.#take(), begin)
  }

  /** As `start`, for work on files, which begins once all such work before it has ended: now, or later. */
  startOnFiles(begin: (complete: Complete) => void): void {
    const ticket = this.#take()
    const work = () => {
      const end = () => this.#endOnFiles(work)
      const beginAndEnd = (complete: Complete) =>
        begin((deliver) => {
          end()
          complete(deliver)
        })
      try {
        this.#begin(ticket, beginAndEnd)
      } catch (error) {
        end()
        throw error
      }
    }
    this.#onFiles.push(work)
    if (this.#onFiles[0] === work) work()
  }

  /** Whether work on files is under way, so that what the disk holds hangs on the moment. */
  get isOnFiles(): boolean {
    return this.#onFiles.length > 0
  }

  #take(): Ticket {
    const ticket: Ticket = { deliver: undefined, passed: false }
    this.#tickets.push(ticket)
    return ticket
  }

  #begin(ticket: Ticket, begin: (complete: Complete) => void): void {
    try {
      begin((deliver) => {
        if (this.#closed || ticket.passed) return deliver()
        ticket.deliver = deliver
        if (!this.#delivering) this.#deliverNext()
      })
    } catch (error) {
      const place = this.#tickets.indexOf(ticket)
      if (place >= 0) this.#tickets.splice(place, 1)
      throw error
    }
  }

  /** A wait that was let go of has no place any more. */
  #endOnFiles(work: () => void): void {
    const place = this.#onFiles.indexOf(work)
    if (place < 0) return
    this.#onFiles.splice(place, 1)
    if (place === 0) this.#onFiles[0]?.()
  }

  /** Lets go of what waits for work, or is held for it, that never completes. Whether there was anything. */
  release(): boolean {
    if (this.#delivering) return false
    const [stuck] = this.#onFiles.length > 1 ? this.#onFiles : []
    if (stuck) this.#endOnFiles(stuck)
    return this.#releaseHeld() || stuck !== undefined
  }

  #releaseHeld(): boolean {
    if (!this.#tickets.some((ticket) => ticket.deliver)) return false
    const held = this.#tickets.filter((ticket) => ticket.deliver)
    for (const ticket of this.#tickets) ticket.passed ||= ticket.deliver === undefined
    this.#tickets.splice(0, this.#tickets.length, ...held)
    this.#deliverNext()
    return true
  }

  /** Ends the order: what waits begins, what is held is delivered, and later completions pass as they come. */
  close(): void {
    this.#closed = true
    const [, ...waiting] = this.#onFiles.splice(0)
    for (const begin of waiting) begin()
    for (const { deliver } of this.#tickets.splice(0)) deliver?.()
  }

  /** One completion per turn of the loop, so that what follows from one is done before the next, held or not. */
  #deliverNext(): void {
    const deliver = this.#tickets[0]?.deliver
    this.#delivering = deliver !== undefined
    if (!deliver) return
    this.#tickets.shift()
    real.setImmediate(() => this.#deliverNext())
    deliver()
  }
}
