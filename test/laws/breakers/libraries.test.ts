/**
 * Proves that the breakers of real libraries are never accused, by what they tell of themselves or from outside, whatever
 * happens in whatever order; and that a breaker which is not what its profile says is found out.
 */

import type { AgentContext } from 'agent-chaos'
import { type BreakerProfile, breakerConforms, breakerProfiles, breakerTrips } from 'agent-chaos/invariants'
import {
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  handleAll,
  handleWhen,
  type IBreaker,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import fc from 'fast-check'
import CircuitBreaker from 'opossum'
import { describe, expect, it } from 'vitest'
import { type Guard, type Planned, schedules, type Tools, trialOf } from '../../support/invariants/schedule.js'

type Observe = AgentContext<object, Tools>['observe']

const site = 'tool:search'
const resetMs = 1_000
const schedule = schedules([50, 400, 999, 1_000, 1_001], [300, 1_000, 2_500])
const isServices = (error: unknown) => (error as { readonly status?: number }).status !== 400

/** A breaker of cockatiel's, with a deadline inside it. */
function cockatiel(breaker: () => IBreaker, msMax = Number.POSITIVE_INFINITY) {
  return (observe: Observe): Guard => {
    const policy = circuitBreaker(handleWhen(isServices), { breaker: breaker(), halfOpenAfter: resetMs })
    observe.cockatiel(policy, site)
    if (msMax === Number.POSITIVE_INFINITY) return (send) => policy.execute(send)
    const deadline = wrap(policy, timeout(msMax, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }))
    return (send) => deadline.execute(send)
  }
}

function opossum(options: CircuitBreaker.Options) {
  return (observe: Observe): Guard => {
    const breaker = new CircuitBreaker((send: () => Promise<string>) => send(), {
      ...options,
      errorFilter: (error) => !isServices(error),
    })
    observe.opossum(breaker, site)
    return (send) => breaker.fire(send)
  }
}

const count = { threshold: 0.5, size: 4, minimumNumberOfCalls: 2 }
const sampling = { threshold: 0.4, duration: 2_000, minimumRps: 1 }
const usual = { resetTimeout: resetMs, rollingCountTimeout: 2_000 }
const withVolume = { ...usual, volumeThreshold: 3, timeout: 500 }
const strict = {
  resetTimeout: resetMs,
  rollingCountTimeout: 1_000,
  rollingCountBuckets: 3,
  errorThresholdPercentage: 55,
  volumeThreshold: 5,
  timeout: false,
} as const
const profileOf = breakerProfiles.cockatiel

const libraries: readonly (readonly [string, BreakerProfile, (observe: Observe) => Guard])[] = [
  [
    'cockatiel, consecutive',
    profileOf({ consecutive: 3, halfOpenAfter: resetMs }),
    cockatiel(() => new ConsecutiveBreaker(3)),
  ],
  [
    'cockatiel, consecutive with a deadline',
    { ...profileOf({ consecutive: 3, halfOpenAfter: resetMs }), timeoutMs: 800 },
    cockatiel(() => new ConsecutiveBreaker(3), 800),
  ],
  ['cockatiel, count', profileOf({ count, halfOpenAfter: resetMs }), cockatiel(() => new CountBreaker(count))],
  [
    'cockatiel, sampling',
    profileOf({ sampling, halfOpenAfter: resetMs }),
    cockatiel(() => new SamplingBreaker(sampling)),
  ],
  ['opossum', breakerProfiles.opossum(usual), opossum(usual)],
  ['opossum with a minimum', breakerProfiles.opossum(withVolume), opossum(withVolume)],
  ['opossum with odd buckets and no timeout', breakerProfiles.opossum(strict), opossum(strict)],
]

/** How often each verdict came, over many trials of a breaker held to a profile. */
async function verdicts(
  guarded: (observe: Observe) => Guard,
  profile: BreakerProfile,
  { numRuns, plans = fc.constant('') }: { readonly numRuns: number; readonly plans?: fc.Arbitrary<string> },
): Promise<Map<string, number>> {
  const dependencies = [{ ...profile, site }]
  const invariants = [breakerConforms({ dependencies }), breakerTrips({ dependencies })]
  const tally = new Map<string, number>()
  const run = async (planned: readonly Planned[], plan: string) => {
    const trial = await trialOf(planned, ({ observe }) => guarded(observe), { invariants, plan })
    for (const { name } of invariants) {
      // What the oracle says, also where a fault came too late to land.
      const verdict = trial.judgements.find(({ invariant }) => invariant === name)?.verdict
      const reported = verdict && 'signature' in verdict ? verdict.signature : verdict?.kind
      tally.set(`${name} ${reported}`, (tally.get(`${name} ${reported}`) ?? 0) + 1)
    }
  }
  await fc.assert(fc.asyncProperty(schedule, plans, run), { numRuns, seed: 7 })
  return tally
}

const innocent = ['held', 'vacuous'].flatMap((kind) => [`breaker-conforms ${kind}`, `breaker-trips ${kind}`])

describe.each(libraries)('%s', (_name, profile, guarded) => {
  it('is what its profile says', async () => {
    const reported = await verdicts(guarded, profile, { numRuns: 500 })
    expect([...reported.keys()].sort()).toEqual([...innocent].sort())
    // A schedule that asks nothing of a breaker proves nothing.
    expect(reported.get('breaker-conforms held')).toBeGreaterThan(100)
  })

  it('is not accused where the agent crashes, the clock jumps, or calls are lost, slow or never answered', async () => {
    const faults = [
      'process/crash',
      'clock/jump',
      'clock/jump(by: 60000, direction: "back")',
      'tool/slow',
      'tool/hang',
      'tool/reply-lost',
    ]
    const injection = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...faults))
      .map(([occurrence, fault]) => `tool:search#${occurrence} = ${fault}`)
    const plans = fc.array(injection, { minLength: 1, maxLength: 3 }).map((injections) => injections.join('; '))
    const reported = await verdicts(guarded, profile, { numRuns: 200, plans })
    const doubtful = 'breaker-conforms inconclusive'
    const accused = [...reported.keys()].filter((key) => key !== doubtful && !innocent.includes(key))
    expect(accused).toEqual([])
  })
})

const lax = { threshold: 0.6, size: 4, minimumNumberOfCalls: 3 }
const slowly = { threshold: 0.6, duration: 2_000, minimumRps: 2 }
const inARow = (failures: number, halfOpenAfter = resetMs) => profileOf({ consecutive: failures, halfOpenAfter })

const stricter: readonly (readonly [string, BreakerProfile, (observe: Observe) => Guard])[] = [
  ['after fewer failures', inARow(5), cockatiel(() => new ConsecutiveBreaker(2))],
  ['after fewer failures, for longer', inARow(3, resetMs / 2), cockatiel(() => new ConsecutiveBreaker(2))],
  ['at a lower rate', profileOf({ count: lax, halfOpenAfter: resetMs }), cockatiel(() => new CountBreaker(count))],
  ['at once', profileOf({ count: lax, halfOpenAfter: resetMs }), cockatiel(() => new ConsecutiveBreaker(1))],
  ['early', profileOf({ sampling: slowly, halfOpenAfter: resetMs }), cockatiel(() => new SamplingBreaker(sampling))],
]

describe.each(stricter)('a breaker that opens %s than its profile', (_name, profile, guarded) => {
  it.each([
    ['', ''],
    ['where the clock jumps', 'tool:search#4 = clock/jump'],
    ['where it jumps back', 'tool:search#4 = clock/jump(by: 60000, direction: "back")'],
  ])('is not accused from outside %s', async (_where, plan) => {
    const reported = await verdicts(guarded, profile, { numRuns: 200, plans: fc.constant(plan) })
    const accused = [...reported.keys()].filter((key) => /^breaker-trips .*:/.test(key))
    expect(accused).toEqual([])
  })
})

describe('a breaker that is held to a profile that it does not have', () => {
  const three = cockatiel(() => new ConsecutiveBreaker(3))
  const consecutive = (failures: number, halfOpenAfter = resetMs) => profileOf({ consecutive: failures, halfOpenAfter })

  it.each([
    ['opens after three failures in place of four', three, consecutive(4), 'early'],
    ['opens after three failures in place of two', three, consecutive(2), 'late'],
    ['waits one second in place of two', three, consecutive(3, 2_000), 'too-soon'],
    ['counts by rate in place of in a row', cockatiel(() => new CountBreaker(count)), consecutive(3), 'early'],
    [
      'opens at a rate in place of another',
      opossum({ ...usual, errorThresholdPercentage: 20 }),
      breakerProfiles.opossum(usual),
      'early',
    ],
    [
      'opens at a rate above another',
      opossum(usual),
      breakerProfiles.opossum({ ...usual, errorThresholdPercentage: 20 }),
      'late',
    ],
  ] as const)('is found where it %s', async (_name, guarded, profile, how) => {
    const reported = await verdicts(guarded, profile, { numRuns: 100 })
    expect([...reported.keys()]).toContain(`breaker-conforms ${how}:${site}`)
  })

  it('is found where it counts the client’s mistakes', async () => {
    const all = (observe: Observe): Guard => {
      const policy = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(3), halfOpenAfter: resetMs })
      observe.cockatiel(policy, site)
      return (send) => policy.execute(send)
    }
    const reported = await verdicts(all, consecutive(3), { numRuns: 100 })
    expect([...reported.keys()]).toContain(`breaker-conforms miscounts:${site}`)
  })

  it('is found where every third call goes past it', async () => {
    const past = (observe: Observe): Guard => {
      const guard = three(observe)
      let calls = 0
      return (send) => (++calls % 3 === 0 ? send() : guard(send))
    }
    const reported = await verdicts(past, consecutive(3), { numRuns: 100 })
    expect([...reported.keys()]).toContain(`breaker-conforms bypass:${site}`)
    expect([...reported.keys()]).toContain('breaker-conforms inconclusive')
  })

  it('is inconclusive where it is wired as nobody says: retries inside it', async () => {
    const retrying = (observe: Observe): Guard => {
      const guard = three(observe)
      return (send) => guard(() => send().catch(send))
    }
    const reported = await verdicts(retrying, consecutive(3), { numRuns: 100 })
    expect([...reported.keys()]).toContain('breaker-conforms inconclusive')
    expect([...reported.keys()].filter((key) => /breaker-conforms .*:/.test(key))).toEqual([])
  })
})
