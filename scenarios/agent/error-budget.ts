/**
 * An error budget over a stream of tasks. A breaker asks whether a dependency is down; a budget asks whether it fails
 * too often to be worth its trouble, over many tasks of which each may have gone well in the end. While it is spent,
 * work goes another, simpler way; after a time the first way is tried again, with a budget that begins anew.
 */
import type { Attempt, Watch } from './dependency.js'
import { kindOf } from './failure.js'
import { monotonicMs } from './monotonic.js'
import { TaskStopped } from './task-stopped.js'

export interface ErrorBudgetOptions {
  /** The share of calls that is to succeed. */
  readonly target: number
  /** How many of the last calls count. */
  readonly window: number
  readonly recoverAfterMs: number
}

/** Watches over calls to one dependency. */
export class ErrorBudget implements Watch {
  readonly #options: ErrorBudgetOptions
  #failed: boolean[] = []
  #spentUntilMs = 0

  constructor(options: ErrorBudgetOptions) {
    this.#options = options
  }

  get spent(): boolean {
    return monotonicMs() < this.#spentUntilMs
  }

  /** Throws `TaskStopped` while the budget is spent: in the middle of a task too, it is not overdrawn. */
  admit(): void {
    if (this.spent) throw new TaskStopped('the error budget is spent')
  }

  /** Throws like `admit` with the failure that spends it. */
  onEnd(attempt: Attempt): void {
    const { target, window, recoverAfterMs } = this.#options
    // A request that was wrong says nothing about the one who refused it.
    const failed = attempt.kind === 'failed' && kindOf(attempt.error) !== 'definite'
    this.#failed = [...this.#failed, failed].slice(-window)
    if (this.#failed.filter(Boolean).length <= (1 - target) * window) return
    this.#spentUntilMs = monotonicMs() + recoverAfterMs
    this.#failed = []
    this.admit()
  }
}
