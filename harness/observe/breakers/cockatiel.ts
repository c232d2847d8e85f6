/**
 * Listens to a circuit breaker of cockatiel's (3 and 4). It tells of every state and outcome; of the calls that it turns
 * away it does not.
 */
import type { BreakerListener, BreakerState, CockatielBreaker } from '../../contracts/breaker.js'
import { expectShape } from './shape.js'

/** Its `CircuitState`: closed, open, half open, and held open by hand. */
const states: readonly BreakerState[] = ['closed', 'open', 'half-open', 'open']
const isolatedState = 3

/** Returns what takes the listeners off. Throws a `UserError` for what is no such breaker. */
export function followCockatiel(breaker: CockatielBreaker, report: BreakerListener): () => void {
  expectShape(breaker, "a circuit breaker of cockatiel's", [
    'onBreak',
    'onHalfOpen',
    'onReset',
    'onSuccess',
    'onFailure',
  ])
  let isolated = breaker.state === isolatedState
  const state = states[breaker.state] ?? 'closed'
  report({ event: 'observed', state, fresh: state === 'closed' && hasCountedNothing(breaker) })
  const listening = [
    breaker.onBreak((reason) => {
      isolated = isIsolation(reason)
      report(isolated ? { event: 'opened', by: 'hand' } : { event: 'opened' })
    }),
    breaker.onHalfOpen(() => report({ event: 'half-opened' })),
    breaker.onReset(() => {
      report(isolated ? { event: 'closed', by: 'hand' } : { event: 'closed' })
      isolated = false
    }),
    breaker.onSuccess(({ duration }) => report({ event: 'succeeded', tookMs: duration })),
    breaker.onFailure(({ duration, handled }) => report({ event: handled ? 'failed' : 'ignored', tookMs: duration })),
  ]
  return () => {
    for (const each of listening) each.dispose()
  }
}

function isIsolation(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'isolated' in reason
}

/** Its strategies keep counts and times alone, which are all nothing where nothing was counted since it was made or reset. */
function hasCountedNothing(breaker: CockatielBreaker): boolean {
  const kept = breaker.toJSON?.() as { readonly breakerState?: unknown } | undefined
  return kept !== undefined && isNothing(kept.breakerState)
}

function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isNothing)
  return value === 0 || value === null
}
