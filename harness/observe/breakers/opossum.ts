/** Listens to a circuit breaker of opossum's (8 to 10), which tells of every state, outcome and refusal. */
import type { BreakerListener, OpossumBreaker } from '../../contracts/breaker.js'
import { VirtualTimer } from '../../sandbox/timer.js'
import { expectShape } from './shape.js'

/** The code of a call that never was made because too many were under way. */
const capacityCode = 'ESEMLOCKED'

/** Returns what takes the listeners off. Throws a `UserError` for what is no such breaker. */
export function followOpossum(breaker: OpossumBreaker, report: BreakerListener): () => void {
  expectShape(breaker, "a CircuitBreaker of opossum's", ['fire', 'prependListener', 'off', 'open', 'close'])
  const state = breaker.opened ? 'open' : breaker.halfOpen ? 'half-open' : 'closed'
  report({ event: 'observed', state, fresh: state === 'closed' && isFresh(breaker) })
  // It changes its state by itself in the same breath as it tells of an outcome, and by hand at any other time.
  let outcome: 'success' | 'failure' | undefined
  const lately = (which: 'success' | 'failure') => {
    outcome = which
    void Promise.resolve().then(() => {
      outcome = undefined
    })
  }
  const listeners: Readonly<Record<string, (...args: readonly unknown[]) => void>> = {
    open: () => report(outcome === 'failure' ? { event: 'opened' } : { event: 'opened', by: 'hand' }),
    halfOpen: () => report({ event: 'half-opened' }),
    close: () => report(outcome === 'success' ? { event: 'closed' } : { event: 'closed', by: 'hand' }),
    success: (_result, latency) => {
      lately('success')
      report({ event: 'succeeded', tookMs: Number(latency) })
    },
    failure: (error, latency) => {
      lately('failure')
      const unsent = (error as { readonly code?: unknown } | undefined)?.code === capacityCode
      report({ event: 'failed', tookMs: Number(latency), ...(unsent && { unsent }) })
    },
    reject: () => report({ event: 'rejected' }),
    cacheHit: () => report({ event: 'spared' }),
    coalesceCacheHit: () => report({ event: 'spared' }),
  }
  // Before its own listeners, one of which closes it: what came of the call is reported first, and then what that led to.
  for (const [event, listener] of Object.entries(listeners)) breaker.prependListener(event, listener)
  return () => {
    for (const [event, listener] of Object.entries(listeners)) breaker.off(event, listener)
  }
}

/** It has counted nothing, and its window goes by the trial's time: one that was made before has a timer of the process's. */
function isFresh({ stats, status }: OpossumBreaker): boolean {
  const kept = Object.getOwnPropertySymbols(status).map((key): unknown => Reflect.get(status, key))
  return stats.fires === 0 && kept.some(VirtualTimer.is)
}
