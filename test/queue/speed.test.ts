/** The simulation by which the docs tell how fast a run over a queue is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tableIn } from '../readme/detection.js'
import { root } from '../support/cli/command.js'
import { simulate } from './speed.js'

const costs = { trial: 10, range: 20, together: 5 }

describe('the simulated speed', () => {
  it('is that of one process after the other where there is one', () => {
    const batch = 1_000 * costs.trial + 16 * costs.range + costs.together
    expect(simulate(costs, 1) / (1_000_000 / batch)).toBeCloseTo(1, 2)
  })

  it('goes up with each process until there are as many as ranges', () => {
    const rates = [1, 2, 4, 8, 16].map((processes) => simulate(costs, processes))
    expect(rates.toSorted((one, other) => one - other)).toEqual(rates)
    expect(simulate(costs, 64)).toBeLessThan(simulate(costs, 16) * 1.01)
  })

  it('is bound by the leader where ranges take next to no time', () => {
    expect(simulate({ trial: 0.001, range: 0, together: 10 }, 64)).toBeCloseTo(1_000_000 / 160, -2)
  })

  it('stands in the docs', () => {
    expect(tableIn(readFileSync(join(root, 'docs/guides/machines.md'), 'utf8'), 'speed')).toContain('| processes |')
  })
})
