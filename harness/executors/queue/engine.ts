/** A kind of server that can hold the queue: all that one has of its own. */
import type { BackendFactory } from 'bullmq'

export type Bullmq = typeof import('bullmq')

/** One attempt, so that it is known what keeps the server from being used; afterwards a command waits until the server is back. */
export type Attempts = 'one' | 'many'

export interface Engine {
  /** Of its addresses. */
  readonly schemes: readonly string[]
  /** As a message shows one. */
  readonly example: string
  /** The package beside bullmq. */
  readonly driver: string
  /** How BullMQ gets there. Called once for each server. */
  open(bullmq: Bullmq, url: string, attempts: Attempts): BackendFactory
  /** What is wrong there, to be told after the address; nothing where it is not that the server said no. */
  explain(error: Error, url: string): string | undefined
}

/** Whether the server may yet be back. */
export function isOfConnection(error: Error): boolean {
  const code = String((error as { readonly code?: unknown }).code)
  // What PostgreSQL says that goes down, comes up, or has no place at the moment.
  return /^(E[A-Z]+|08...|57P0[123]|53300)$/.test(code) || /connect/i.test(error.message)
}

/** Whether the server is there, and says itself that it soon will be ready: PostgreSQL as it recovers, Redis as it loads its data. */
export function isStarting(error: Error): boolean {
  return (error as { readonly code?: unknown }).code === '57P03' || error.message.startsWith('LOADING ')
}
