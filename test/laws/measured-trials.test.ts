/** The law of measured trials: what was drawn by chance is a plan that replays the trial to the byte. */
import 'agent-chaos/register'
import { decodePlan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { isClosed } from '../../faults/plan/plan.js'
import type { Budget } from '../../harness/contracts/budget.js'
import { profileOf } from '../../harness/contracts/profile.js'
import type { Scenario } from '../../harness/contracts/scenario.js'
import { digestOf } from '../../harness/contracts/trace.js'
import { drawing } from '../../harness/trial/chance.js'
import { runOne } from '../../harness/trial/trial.js'
import refund from '../../scenarios/refund.chaos.js'
import { probe } from '../fixtures/probe/scenario.js'

const scenarios: readonly (readonly [string, Scenario])[] = [
  ['the probe', probe as unknown as Scenario],
  ['the refund agent', refund as unknown as Scenario],
]

const lasting = { bursts: { meanCalls: 5, share: 0.5 }, outages: { meanMs: 20_000, share: 0.5 } }

describe.each(scenarios)('a measured trial of %s', (_name, scenario) => {
  const drawnAt = async (faultRate: number, seed: number, profile: Budget['profile'] = {}) => {
    const draw = drawing(profileOf({ faultRate, profile }), scenario.faults, seed)
    return (await runOne(scenario, { plan: [], draw, seed })).trace
  }

  it('is replayed by the list of what it drew, to the byte', async () => {
    let struck = 0
    for (let seed = 0; seed < 300; seed++) {
      const trace = await drawnAt(seed % 3 === 0 ? 0.6 : 0.15, seed)
      const decoded = decodePlan(trace.plan, scenario.faults)
      if (decoded.kind !== 'plan') throw new Error(decoded.error.message)
      if (decoded.plan.length > 0) struck++
      const replayed = (await runOne(scenario, { plan: decoded.plan, seed })).trace
      expect(replayed).toEqual(trace)
      expect(digestOf(replayed)).toBe(digestOf(trace))
    }
    expect(struck).toBeGreaterThan(100)
  })

  it('is replayed to the byte where what strikes it lasts, too', async () => {
    let lasted = 0
    for (let seed = 0; seed < 120; seed++) {
      const trace = await drawnAt(0.3, seed, lasting)
      const decoded = decodePlan(trace.plan, scenario.faults)
      if (decoded.kind !== 'plan') throw new Error(decoded.error.message)
      const replayed = (await runOne(scenario, { plan: decoded.plan, seed })).trace
      expect(replayed).toEqual(trace)
      const strikes = trace.events.filter((event) => event.kind === 'fault').length
      if (strikes > trace.injections.filter(({ status }) => status === 'landed').length) lasted++
      expect(decoded.plan.every(isClosed)).toBe(true)
    }
    // The probe comes to most of its sites once, so little is left to strike; but some is.
    expect(lasted).toBeGreaterThan(5)
  })

  it('is the same one again under the same seed', async () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(digestOf(await drawnAt(0.3, seed))).toBe(digestOf(await drawnAt(0.3, seed)))
    }
  })

  it('is the trial without faults where none is drawn', async () => {
    const trace = await drawnAt(0, 5)
    expect(trace).toEqual((await runOne(scenario, { plan: [], seed: 5 })).trace)
  })

  it('draws injections that end by themselves, each for a crossing that came', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const { injections, plan } = await drawnAt(0.5, seed)
      const decoded = decodePlan(plan, scenario.faults)
      expect(decoded.kind === 'plan' && decoded.plan.every(isClosed)).toBe(true)
      expect(injections.every(({ status, closed }) => closed && status !== 'planned')).toBe(true)
    }
  })
})
