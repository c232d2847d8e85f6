/** How scenario files are loaded: packages as Node would give them, and the user's own modules anew each time. */
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'
import { expect, it } from 'vitest'
import type { AgentContext } from '../../../../harness/contracts/agent.js'
import { loadScenario } from '../../../../harness/executors/workers/load.js'

const file = fileURLToPath(new URL('../../../fixtures/packages/draws.chaos.ts', import.meta.url))

it('takes nothing from what the same loader compiled for somebody else', async () => {
  const elsewhere = (await createJiti(file).import(file)) as { readonly default: { readonly name: string } }
  expect(elsewhere.default.name).toBe('draws')
  const { agent } = await loadScenario(file)
  expect(agent({} as AgentContext<unknown, unknown>)).toEqual(['1: 0.290', '0.837'])
})

it('gives every module of every load the default of a CommonJS package, and nobody the state of an earlier load', async () => {
  for (let load = 1; load <= 3; load++) {
    const { agent } = await loadScenario(file)
    expect(agent({} as AgentContext<unknown, unknown>)).toEqual(['1: 0.290', '0.837'])
  }
})
