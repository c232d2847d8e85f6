/**
 * Delivers completions of work on the thread pool in the order in which that work started. The pool finishes equal reads
 * that run side by side in any order; handed on as they come, a trial would not be repeatable.
 */
import { real } from './real.js'

interface Ticket {
  /** What tells the agent; `undefined` while the work is in flight. */
  deliver: (() => void) | undefined
  /** Let go of, because everything waited for it and it for something else: it is delivered when it comes. */
  passed: boolean
}

/** The completions of one trial, first started first. */
export class Sequence {
  readonly #tickets: Ticket[] = []
  #delivering = false
  #closed = false

  /** Takes a place for work that starts now; call what is returned, once, to have `deliver` called when it is its turn. */
  start(): (deliver: () => void) => void {
    const ticket: Ticket = { deliver: undefined, passed: false }
    this.#tickets.push(ticket)
    return (deliver) => {
      if (this.#closed || ticket.passed) return deliver()
      ticket.deliver = deliver
      if (!this.#delivering) this.#deliverNext()
    }
  }

  /** Lets go of what is held for work that never completed. Whether there was anything. */
  release(): boolean {
    if (this.#delivering || !this.#tickets.some((ticket) => ticket.deliver)) return false
    const held = this.#tickets.filter((ticket) => ticket.deliver)
    for (const ticket of this.#tickets) ticket.passed ||= ticket.deliver === undefined
    this.#tickets.splice(0, this.#tickets.length, ...held)
    this.#deliverNext()
    return true
  }

  /** Ends the order: what is held is delivered, and later completions pass as they come. */
  close(): void {
    this.#closed = true
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
