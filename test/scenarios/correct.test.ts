/** Proves that the correct agents are correct: they do what they are asked, and random faults bring nothing against them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyScenario } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { root } from '../support/cli/command.js'
import { holding, withstandPlans } from '../support/scenarios/trials.js'

const folder = join(root, 'scenarios/correct')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const plansEach = 40

async function scenarioNamed(name: string): Promise<AnyScenario> {
  return ((await import(join(folder, `${name}.ts`))) as { readonly default: AnyScenario }).default
}

it('the correct agents are of at least these styles', () => {
  const styles = [
    'sdk-loop',
    'tool-runner',
    'streaming',
    'parallel-tools',
    'breaker-cockatiel',
    'breaker-opossum',
    'breaker-home-made',
    'store-on-disk',
    'compensation',
    'long-lived',
  ]
  expect(names).toEqual(expect.arrayContaining(styles))
})

describe.each(names)('%s', (name) => {
  it('is a scenario of that name, says what makes it correct, and keeps to more than the invariants that are always on', async () => {
    const scenario = await scenarioNamed(name)
    expect([scenario.name, scenario.expect]).toEqual([name, null])
    expect(scenario.listed.length).toBeGreaterThanOrEqual(8)
  })

  it('reaches its goal where nothing fails, and says so', async () => {
    const { trace } = await holding(await scenarioNamed(name))
    expect([trace.goal, trace.claim, trace.end.kind]).toEqual([true, 'success', 'returned'])
  })

  it(`violates nothing under ${plansEach} random plans`, async () => {
    const scenario = await scenarioNamed(name)
    await withstandPlans(scenario, plansEach)
  })
})
