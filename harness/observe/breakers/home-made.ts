/** What a circuit breaker that is written by hand calls, so that it is seen as those of libraries are. */
import type { BreakerHook, BreakerListener, BreakerNews, BreakerState } from '../../contracts/breaker.js'

export function homeMadeHook(report: BreakerListener, found: BreakerState | undefined): BreakerHook {
  report({ event: 'observed', state: found ?? 'closed', fresh: found === undefined })
  const turn = (event: 'opened' | 'closed') => (by?: 'hand') => report({ event, ...(by && { by }) })
  const end = (event: Extract<BreakerNews, { tookMs?: number }>['event']) => (tookMs?: number) =>
    report({ event, ...(tookMs !== undefined && { tookMs }) })
  return {
    opened: turn('opened'),
    halfOpened: () => report({ event: 'half-opened' }),
    closed: turn('closed'),
    succeeded: end('succeeded'),
    failed: end('failed'),
    ignored: end('ignored'),
    rejected: () => report({ event: 'rejected' }),
  }
}
