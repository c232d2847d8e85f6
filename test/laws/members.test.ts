/** Laws that every member of the catalogues obeys, in trials of a scenario that reaches every boundary. */
import { runTrial } from 'agent-chaos'
import { catalogue, encodePlan, type Fault, type Plan } from 'agent-chaos/faults'
import { invariantCatalogue } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { accepts, type Param } from '../../faults/params/param.js'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import type { Trial } from '../../harness/library/trial.js'
import { reachableIn } from '../../harness/search/ground.js'
import { probe } from '../fixtures/probe/scenario.js'
import { plansFor } from '../support/faults/aimed.js'

let baseline: Trial

beforeAll(async () => {
  baseline = await runTrial(probe)
})

/** The plan of those by which the fault takes effect; one that gets a call wrong needs an answer with a call in it. */
async function planFor(fault: Fault): Promise<Plan> {
  for (const plan of plansFor(fault, baseline.trace)) {
    const { trace } = await runTrial(probe, { plan })
    if (trace.events.some((event) => event.kind === 'fault' && event.fault === fault.name)) return plan
  }
  throw new Error(`${fault.name} takes effect nowhere in the probe`)
}

/** What comes of a plan, as text: all events but those that name the fault. */
async function effectsOf(plan: Plan): Promise<string> {
  const { trace } = await runTrial(probe, { plan })
  return JSON.stringify(trace.events.filter(({ kind }) => kind !== 'fault'))
}

function withParam(plan: Plan, name: string, value: number | string): Plan {
  return plan.map((injection) => ({
    ...injection,
    faults: injection.faults.map((use) => ({ ...use, params: { ...use.params, [name]: value } })) as never,
  }))
}

function valuesOf(param: Param): readonly (number | string)[] {
  switch (param.kind) {
    case 'integer':
      return [param.min, param.default + 1, param.max]
    case 'share':
      return [0, 0.3, 0.7, 1]
    case 'choice':
      return param.values
    case 'text':
      return [...param.samples, 'something-else']
  }
}

function otherValues(param: Param): (number | string)[] {
  return valuesOf(param).filter((value) => value !== param.default && accepts(param, value))
}

describe.each(catalogue.map((fault) => [fault.name, fault] as const))('the fault %s', (_name, fault) => {
  it('lands in the probe and changes the trace', async () => {
    const trial = await runTrial(probe, { plan: await planFor(fault) })
    expect(trial.trace.injections.map(({ status }) => status)).toContain('landed')
    expect(trial.trace.events.some((event) => event.kind === 'fault' && event.fault === fault.name)).toBe(true)
    const withoutMarks = (events: Trial['trace']['events']) => events.filter((event) => event.kind !== 'fault')
    expect(withoutMarks(trial.trace.events)).not.toEqual(withoutMarks(baseline.trace.events))
  })

  it.each(Object.entries(fault.params))('does something else by its parameter %s', async (name, param) => {
    const values = otherValues(param)
    for (const plan of plansFor(fault, baseline.trace)) {
      const usual = await effectsOf(plan)
      for (const value of values) if ((await effectsOf(withParam(plan, name, value))) !== usual) return
    }
    throw new Error(`${name} of ${fault.name} changes nothing in the probe, whether it is ${values.join(' or ')}`)
  })

  it('gives the same trace for the same seed and plan', async () => {
    const plan = await planFor(fault)
    const [first, second] = [await runTrial(probe, { plan, seed: 3 }), await runTrial(probe, { plan, seed: 3 })]
    expect(second.digest).toBe(first.digest)
  })

  it('replays from the text of its plan', async () => {
    const plan = await planFor(fault)
    const [direct, replayed] = [await runTrial(probe, { plan }), await runTrial(probe, { plan: encodePlan(plan) })]
    expect(replayed.digest).toBe(direct.digest)
  })
})

describe.each(invariantCatalogue.map((invariant) => [invariant.name, invariant] as const))(
  'the invariant %s',
  (_name, invariant) => {
    it('is not violated by a trace without faults', () => {
      const verdict = invariant.check(baseline.trace, baseline.state)
      expect(['held', 'vacuous']).toContain(verdict.kind)
    })

    it('is pure, never throws, and shows evidence that is in the trace, under any plan', async () => {
      const plans = planArbitrary(reachableIn(baseline.trace), catalogue)
      await fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const { trace, state } = await runTrial(probe, { plan })
          const before = JSON.stringify([trace, state])
          const verdict = invariant.check(trace, state)
          expect(invariant.check(trace, state)).toEqual(verdict)
          expect(JSON.stringify([trace, state])).toBe(before)
          if (verdict.kind !== 'violated') return
          expect(verdict.evidence.length).toBeGreaterThan(0)
          for (const index of verdict.evidence) expect(trace.events[index]).toBeDefined()
          expect(verdict.signature).not.toBe('')
        }),
        { numRuns: 60, seed: 11 },
      )
    })

    it('says what it promises, when it is put to the test, and tells a story', () => {
      for (const text of [invariant.promise, invariant.antecedent, invariant.example])
        expect(text).toMatch(/^[A-Z].*\.$/s)
      expect(invariant.name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    })
  },
)
