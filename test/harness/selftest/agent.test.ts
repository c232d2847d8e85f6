/** What is said of a correct agent: an alarm only for what repeats, and no quiet without a fault that landed. */
import { decodePlan } from 'agent-chaos/faults'
import { inconclusive, type Verdict, vacuous, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Executor } from '../../../harness/contracts/executor.js'
import type { AgentReport } from '../../../harness/contracts/report/selftest-report.js'
import { tryAgent } from '../../../harness/selftest/agent.js'
import { factsWith, fakeExecutor, type Outcome, point, recordOf } from '../../support/search/synthetic.js'

const alarm = violated('odd', 'It looks odd.', [0])
const says = (listed: Verdict): Outcome => ({ verdicts: { listed } })

async function tryOut(executor: Executor, trials = 40, signal = new AbortController().signal): Promise<AgentReport> {
  return tryAgent(executor, {
    seed: 1,
    trials,
    signal,
    file: 'x.chaos.ts',
    repaired: false,
    command: (seed, plan) => `replay ${seed} ${plan}`,
    onProgress: () => {},
  })
}

describe('a correct agent', () => {
  it('is quiet where nothing counts against it, after as many trials as it was to have', async () => {
    expect(await tryOut(fakeExecutor(factsWith()), 40)).toMatchObject({
      verdict: 'quiet',
      because: 'no alarm in 30 trials with faults',
      trials: 40,
      landed: 30,
      alarms: [],
      untested: [],
    })
  })

  it('is told of more trials than are kept at a time', async () => {
    expect((await tryOut(fakeExecutor(factsWith()), 1_203)).trials).toBe(1_203)
  })

  it('raises an alarm where an invariant is violated, which is shrunk, and told with its command', async () => {
    const executor = fakeExecutor(factsWith(), (plan) => (plan.includes('tool:b#1 = ') ? says(alarm) : {}))
    const { verdict, because, alarms } = await tryOut(executor)
    expect([verdict, because]).toEqual(['alarm', 'alarm: listed'])
    expect(alarms).toMatchObject([
      { invariant: 'listed', status: 'confirmed', phase: 'sample', trial: { plan: 'tool:b#1 = tool/unavailable' } },
    ])
    expect(alarms[0]?.environment.command).toMatch(/^replay \d+ tool:b#1 = tool\/unavailable$/)
  })

  it('raises an alarm by what chance struck, told as the plan that was drawn', async () => {
    const facts = factsWith()
    const drawing: Executor = {
      facts,
      run: async (specs) =>
        specs.map((spec) => {
          const plan = spec.profile ? [point('drawn'), point('too')] : spec.plan
          const odd = plan.some(({ sites: [{ target }] }) => target === 'drawn')
          return recordOf(facts, { ...spec, plan }, odd ? says(alarm) : {})
        }),
    }
    const { alarms } = await tryOut(drawing)
    expect(alarms.map(({ trial }) => trial.plan)).toEqual(['tool:drawn#1 = tool/unavailable'])
    expect(decodePlan(alarms[0]?.trial.plan ?? '', facts.faults).kind).toBe('plan')
  })

  it('is accused at once where an invariant is violated without any fault', async () => {
    const executor = fakeExecutor(factsWith(), () => says(alarm))
    expect(await tryOut(executor)).toMatchObject({
      verdict: 'alarm',
      trials: 0,
      alarms: [{ invariant: 'listed', faults: 0, foundAfterTrials: 0, trial: { plan: '' } }],
    })
  })

  it('is inconclusive where what was seen is not seen again', async () => {
    const executor = fakeExecutor(factsWith(), (plan, times) => (plan !== '' && times === 1 ? says(alarm) : {}))
    expect(await tryOut(executor)).toMatchObject({
      verdict: 'inconclusive',
      because: 'a violation was seen once and not again under the same plan and seed',
    })
  })

  it.each<[string, Partial<AgentReport>, (plan: string) => Outcome]>([
    [
      'it does not work',
      { verdict: 'misconfigured', because: 'without any fault, the goal is not reached' },
      () => ({ goal: false }),
    ],
    [
      'nothing landed',
      { verdict: 'inconclusive', because: 'no fault landed: nothing was tested' },
      () => ({ injections: [] }),
    ],
    [
      'a check threw',
      { verdict: 'inconclusive', because: 'listed: it threw' },
      (plan) => (plan === '' ? {} : says(inconclusive('it threw'))),
    ],
  ])('is not quiet where %s', async (_, expected, outcome) => {
    expect(await tryOut(fakeExecutor(factsWith(), outcome))).toMatchObject(expected)
  })

  it('says what was never put to the test', async () => {
    const executor = fakeExecutor(factsWith(), () => says(vacuous('nothing happened')))
    expect((await tryOut(executor)).untested).toEqual(['listed'])
  })

  it('is inconclusive where it was interrupted', async () => {
    const controller = new AbortController()
    const executor = fakeExecutor(factsWith(), () => {
      controller.abort()
      return {}
    })
    expect(await tryOut(executor, 40, controller.signal)).toMatchObject({
      verdict: 'inconclusive',
      because: 'interrupted',
    })
  })
})
