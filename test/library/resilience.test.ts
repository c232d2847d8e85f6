/** Proves that the library passes the agent that is sound, under thousands of plans, and tells each unsound one why. */
import {
  assertResilient,
  defineScenario,
  faultPlans,
  ResilienceError,
  replay,
  runTrial,
  say,
  script,
  verdictOf,
} from 'agent-chaos'
import {
  breakerTrips,
  compensates,
  type Invariant,
  permanentErrorsNotRetried,
  transientErrorsRetried,
} from 'agent-chaos/invariants'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RefundPolicy } from '../../scenarios/refund/agent.js'
import { agentWith, shop } from '../../scenarios/refund/shop.js'
import refund from '../fixtures/shop/refund.chaos.js'

describe('the resilient refund agent', () => {
  it('passes, with everything that it lists put to the test', async () => {
    await expect(assertResilient(refund, { trialsMax: 400 })).resolves.toBeUndefined()
  })

  it('violates nothing in 2,000 random plans', async () => {
    const judged = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(await faultPlans(refund), async (plan) => {
        const { judgements } = await runTrial(refund, { plan })
        for (const { invariant, verdict } of judgements) {
          expect([invariant, verdict]).not.toEqual([invariant, expect.objectContaining({ kind: 'violated' })])
          expect(verdict.kind).not.toBe('inconclusive')
          if (verdict.kind === 'held') judged.set(invariant, (judged.get(invariant) ?? 0) + 1)
        }
      }),
      { numRuns: 2000, seed: 1 },
    )
    for (const { name } of refund.invariants) expect([name, (judged.get(name) ?? 0) > 50]).toEqual([name, true])
  })
})

const without = (policy: Partial<RefundPolicy>, ...invariants: Invariant[]) =>
  defineScenario({ ...shop, name: 'unsound', agent: agentWith(policy), invariants })

const unsound = [
  ['has no idempotency key', 'effects-exactly-once', without({ keyFor: () => undefined })],
  ['makes a key for every attempt', 'effects-exactly-once', without({ keyFor: () => crypto.randomUUID() })],
  ['gives up on a 503', 'transient-errors-retried', without({ mayPass: () => false }, transientErrorsRetried())],
  ['retries a 400', 'permanent-errors-not-retried', without({ mayPass: () => true }, permanentErrorsNotRetried())],
  [
    'has no bound on turns',
    'breaker-trips',
    without({ turnsMax: Number.POSITIVE_INFINITY, repeatsMax: Number.POSITIVE_INFINITY }, breakerTrips({ turns: 10 })),
  ],
  [
    'has no bound on tool failures',
    'breaker-trips',
    without({ toolFailuresMax: Number.POSITIVE_INFINITY }, breakerTrips({ afterToolFailures: 5 })),
  ],
] as const

describe.each(unsound)('an agent that %s', (what, invariant, scenario) => {
  it(`is rejected because of ${invariant}, with a story, a minimal plan and a replay that shows it`, async () => {
    const error = await assertResilient(scenario, { trialsMax: 150 }).catch((caught: unknown) => caught)
    if (!(error instanceof ResilienceError)) throw new Error(`an agent that ${what} passed`)
    const found = error.report.violations.find((violation) => violation.invariant === invariant)
    if (!found) throw new Error(error.message)
    const { plan, seed } = found.trial
    expect(found.faults).toBeLessThanOrEqual(2)
    expect(error.message).toMatch(/^scenario "unsound": violated: /)
    expect(error.message).toContain(
      `\n\n  ${invariant}: ${found.story}\n  remedy: ${found.remedy}\n  minimal plan: ${plan}\n  at: scenarios/`,
    )
    expect(error.message).toContain(
      `  replay: await replay(scenario, { seed: ${seed}, plan: ${JSON.stringify(plan)} })`,
    )
    const trial = await replay(scenario, { seed, plan })
    expect(verdictOf(trial, invariant)).toMatchObject({ kind: 'violated', signature: found.signature })
  })
})

describe('a task that is to end rolled back', () => {
  const trip = (rolledBackCountsAs?: 'success') =>
    defineScenario<{ held: number }, { reserve(): Promise<unknown>; release(): Promise<unknown> }>({
      name: 'sold-out',
      task: 'Book the room and the flight, which is sold out.',
      state: () => ({ held: 0 }),
      world: ({ state, effect }) => ({
        tools: {
          reserve: () => effect({ kind: 'reserve', intent: 'room', key: 'room' }, () => ++state.held),
          release: () => effect({ kind: 'release', intent: 'room', key: 'back' }, () => --state.held),
        },
      }),
      model: script([say('not asked')]),
      agent: async ({ tools }) => {
        await tools.reserve()
        await tools.release()
        return 'rolled back'
      },
      claims: () => 'rolled-back',
      goal: ({ state }) => state.held === 0,
      intents: { may: [{ kind: 'reserve', id: 'room' }] },
      faults: ['tool/slow'],
      invariants: [compensates({ pairs: { reserve: 'release' } })],
      budget: { ...(rolledBackCountsAs && { rolledBackCountsAs }) },
    })

  it('is a scenario that passes, its undoing expected', async () => {
    await expect(assertResilient(trip('success'), { trialsMax: 20 })).resolves.toBeUndefined()
  })

  it('is refused with the remedy where the scenario does not say so', async () => {
    await expect(assertResilient(trip(), { trialsMax: 20 })).rejects.toThrow('budget.rolledBackCountsAs: "success"')
  })
})

describe('assertResilient', () => {
  const sound = (invariants: readonly Invariant[]) =>
    defineScenario({ ...shop, name: 'sound', agent: agentWith({}), invariants })

  it('rejects where what is listed was never put to the test', async () => {
    await expect(assertResilient(sound([breakerTrips({ turns: 1_000 })]), { trialsMax: 40 })).rejects.toThrow(
      'scenario "sound": breaker-trips was never put to the test: no limit was reached',
    )
  })

  it('rejects where the scenario does not work without faults', async () => {
    const scenario = defineScenario({ ...shop, name: 'broken', agent: () => Promise.reject(new TypeError('oops')) })
    await expect(assertResilient(scenario)).rejects.toThrow(
      'scenario "broken": without any fault, the goal is not reached: the agent failed with TypeError: oops',
    )
  })

  it('rejects where the scenario spends more than its budget without faults', async () => {
    const scenario = defineScenario({
      ...shop,
      name: 'dear',
      agent: agentWith({}),
      budget: { spend: { seconds: 0.9 } },
    })
    await expect(assertResilient(scenario)).rejects.toThrow('1 seconds spent, 0.9 allowed')
  })

  it('rejects where a check throws', async () => {
    const [effects] = refund.invariants.filter(({ name }) => name === 'effects-exactly-once')
    if (!effects) throw new Error('not listed')
    const throwing: Invariant = {
      ...effects,
      name: 'mine',
      check: (trace) => {
        if (trace.plan !== '') throw new RangeError('oops')
        return { kind: 'held' }
      },
    }
    await expect(assertResilient(sound([throwing]), { trialsMax: 10 })).rejects.toThrow(
      'scenario "sound": mine: the check threw: oops',
    )
  })
})
