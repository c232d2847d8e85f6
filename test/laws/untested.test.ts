/** Adding what tests nothing raises no number: a report must not look better for a scenario or a check that is idle. */
import { defineScenario } from 'agent-chaos'
import { type Invariant, vacuous } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import type { SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { search } from '../../harness/search/search.js'
import { agentWith, shop } from '../../scenarios/refund/shop.js'
import { agentChaos } from '../support/cli/command.js'

const [works, broken, idle] = [
  'test/fixtures/selftest/agents/keyed.chaos.ts',
  'test/fixtures/selftest/agents/accused.chaos.ts',
  'test/fixtures/idle/idle.chaos.ts',
]

async function reportOf<R>(command: string, ...args: string[]): Promise<R> {
  return JSON.parse((await agentChaos([command, ...args, '--json', '-'])).stdout) as R
}

const timeless = (scenarios: Report['scenarios']) => scenarios.map((scenario) => ({ ...scenario, timing: null }))

describe('a scenario that tests nothing', () => {
  it.each([
    ['one that passes', works, [0, 3]],
    ['one that fails', broken, [1, 1]],
  ])('beside %s raises no number of a run, and makes no verdict better', async (_, other, exitCodes) => {
    const [alone, both] = [await reportOf<Report>('run', other), await reportOf<Report>('run', other, idle)]
    // How many scenarios and trials there were is no merit; that they passed would be.
    const merits = ({ totals: { passed, violations } }: Report) => ({ passed, violations })
    expect(merits(both)).toEqual(merits(alone))
    expect(both.scenarios.map(({ name, verdict }) => [name, verdict])).toContainEqual(['idle', 'inconclusive'])
    expect(timeless(both.scenarios.filter(({ name }) => name !== 'idle'))).toEqual(timeless(alone.scenarios))
    expect([alone.exitCode, both.exitCode]).toEqual(exitCodes)
  })

  it('is no pass by itself', async () => {
    const report = await reportOf<Report>('run', idle)
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 3, totals: { passed: 0, violations: 0 } })
  })

  it('raises no number of a selftest, and is no agent that was left alone', async () => {
    const [alone, both] = [
      await reportOf<SelftestReport>('selftest', works, '--trials', '8'),
      await reportOf<SelftestReport>('selftest', works, idle, '--trials', '16'),
    ]
    expect(alone).toMatchObject({ verdict: 'passed', totals: { agents: 1, trials: 8 } })
    expect(both.totals).toEqual(alone.totals)
    expect([both.verdict, both.exitCode]).toEqual(['inconclusive', 3])
  })
})

describe('a check that is never put to the test', () => {
  const never: Invariant = {
    name: 'never-asked',
    kind: 'safety',
    promise: 'Nothing.',
    antecedent: 'Never.',
    example: 'None.',
    check: () => vacuous('never'),
  }
  const searchUnder = (invariants: readonly Invariant[]) =>
    search(inProcess(defineScenario({ ...shop, name: 'shop', agent: agentWith({}), invariants }) as never), {
      seed: 1,
      trialsMax: 40,
      command: () => '',
    })

  it('changes no number of the others, and leaves the scenario that lists it undecided', async () => {
    const [without, beside] = [await searchUnder([]), await searchUnder([never])]
    expect(beside.invariants.filter(({ name }) => name !== never.name)).toEqual(without.invariants)
    expect(beside.search).toEqual(without.search)
    expect([without.verdict, beside.verdict]).toEqual(['passed', 'inconclusive'])
    expect(beside.invariants.at(-1)).toMatchObject({ verdict: 'not-tested', trials: { held: 0 } })
  })
})
