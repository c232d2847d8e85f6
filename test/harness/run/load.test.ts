/** How scenario files are loaded: packages as Node would give them, and the user's own modules anew each time. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadScenario } from '../../../harness/run/load.js'
import type { AgentContext } from '../../../harness/scenario.js'

const file = fileURLToPath(new URL('../../fixtures/packages/draws.chaos.ts', import.meta.url))

it('gives every module of every load the default of a CommonJS package, and nobody the state of an earlier load', async () => {
  for (let load = 1; load <= 3; load++) {
    const { agent } = await loadScenario({ file })
    expect(agent({} as AgentContext<unknown, unknown>)).toEqual(['1: 0.290', '0.837'])
  }
})
