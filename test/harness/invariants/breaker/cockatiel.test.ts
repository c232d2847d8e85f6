/** Proves that a real library's breaker, used as it should be, is never accused, whatever happens in whatever order. */
import { breakerProfiles, breakerTrips } from 'agent-chaos/invariants'
import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  handleAll,
  SamplingBreaker,
} from 'cockatiel'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const halfOpenAfter = 1_000
const count = { threshold: 0.5, size: 4, minimumNumberOfCalls: 2 }
const sampling = { threshold: 0.4, duration: 2_000, minimumRps: 1 }

const breakers = [
  ['consecutive', { consecutive: 3 }, () => new ConsecutiveBreaker(3)],
  ['count', { count }, () => new CountBreaker(count)],
  ['sampling', { sampling }, () => new SamplingBreaker(sampling)],
] as const

type Op =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end'; readonly which: number; readonly fails: boolean }
  /** The agent waits for it no longer; it may still end. */
  | { readonly kind: 'give-up'; readonly which: number }

const which = fc.nat(5)
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 100, 400, 999, 1_000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end'), which, fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('give-up'), which }) },
)

/** Lets everything that has been settled take its effect. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve()
}

/** What a dependency saw of calls through the breaker, or of the same calls without one. */
async function traceOf(ops: readonly Op[], policy: CircuitBreakerPolicy | undefined): Promise<TraceBuilder> {
  const trace = new TraceBuilder()
  const open: { readonly crossing: number; readonly at: number; readonly settle: (fails: boolean) => void }[] = []
  const start = Date.now()
  const dependency = () =>
    new Promise<void>((resolve, reject) => {
      const crossing = trace.call('tool:search', { input: String(trace.build().events.length) })
      open.push({ crossing, at: Date.now(), settle: (fails) => (fails ? reject(new Error('503')) : resolve()) })
    })
  for (const each of ops) {
    if (each.kind === 'wait') vi.setSystemTime(Date.now() + each.ms)
    trace.at(Date.now() - start)
    if (each.kind === 'start') void (policy ? policy.execute(dependency) : dependency()).catch(() => {})
    if (each.kind === 'end') {
      const [ended] = open.splice(each.which % Math.max(1, open.length), 1)
      if (ended && each.fails) trace.fail(ended.crossing, 'transient')
      else if (ended) trace.ok(ended.crossing)
      ended?.settle(each.fails)
    }
    if (each.kind === 'give-up') {
      const given = open[each.which % Math.max(1, open.length)]
      if (given && Date.now() - given.at >= 1_000) given.settle(true)
    }
    await settle()
  }
  return trace
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe.each(breakers)('cockatiel, %s', (_name, options, make) => {
  const invariant = breakerTrips({
    dependencies: [{ site: 'tool:search', ...breakerProfiles.cockatiel({ ...options, halfOpenAfter }) }],
  })

  it('is never accused', async () => {
    const verdicts: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 60 }), async (ops) => {
        const policy = circuitBreaker(handleAll, { breaker: make(), halfOpenAfter })
        const verdict = invariant.check((await traceOf(ops, policy)).build(), undefined)
        verdicts.push(verdict.kind)
        expect(verdict).not.toMatchObject({ kind: 'violated' })
      }),
      { numRuns: 400, seed: 5 },
    )
    expect(verdicts).toContain('held')
  })

  it('is missed where it is left out', async () => {
    const verdicts: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 60 }), async (ops) => {
        verdicts.push(invariant.check((await traceOf(ops, undefined)).build(), undefined).kind)
      }),
      { numRuns: 400, seed: 5 },
    )
    expect(verdicts).toContain('violated')
  })
})
