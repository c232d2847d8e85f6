/** Proves that the gates of a run are counted once, over all its files, whatever of them has been loaded before. */
import { describe, expect, it } from 'vitest'
import { GateCounter } from '../../../harness/campaign/gate-counter.js'
import type { ScenarioFacts } from '../../../harness/contracts/executor.js'
import { factsWith } from '../../support/search/synthetic.js'

const budget = { reliability: 0.9 }
const facts: Readonly<Record<string, ScenarioFacts>> = {
  a: factsWith({ name: 'refund', budget }),
  b: factsWith({ name: 'refund-canary', budget, canary: 'listed' }),
  c: factsWith({ name: 'notify', budget: {} }),
  d: factsWith({ name: 'report', budget }),
}

function setup(grep?: string) {
  const loaded: string[] = []
  const load = async (file: string) => {
    loaded.push(file)
    const found = facts[file]
    if (!found) throw new Error(`${file} does not compile`)
    return found
  }
  return { loaded, counter: new GateCounter({ files: ['a', 'b', 'c', 'broken', 'd'], grep, load }) }
}

describe('a counter of gates', () => {
  it('counts scenarios that ask for a reliability and are no canaries; a file that does not load has none', async () => {
    expect(await setup().counter.count()).toBe(2)
  })

  it('leaves out what is not run, and is never less than the gate that asks', async () => {
    expect(await setup('refund').counter.count()).toBe(1)
    expect(await setup('nothing').counter.count()).toBe(1)
  })

  it('loads nothing before it is asked, what it knows never, and the rest once', async () => {
    const { loaded, counter } = setup()
    expect(loaded).toEqual([])
    for (const file of ['a', 'd']) counter.note(file, facts[file] ?? factsWith())
    await Promise.all([counter.count(), counter.count()])
    await counter.count()
    expect(loaded).toEqual(['b', 'c', 'broken'])
  })
})
