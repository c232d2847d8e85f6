/** Proves that sites which only a fault reveals are looked for, and struck beside the fault that reveals them. */
import { catalogue, describeFault, encodePlan, type FaultDescription, type Plan } from 'agent-chaos/faults'
import { held, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Reachable } from '../../../faults/plan/arbitrary.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import { beyond, probesOf } from '../../../harness/search/frontier.js'
import { search } from '../../../harness/search/search.js'
import { reachableIn } from '../../../harness/search/singles.js'
import { factsWith, fakeExecutor, point, reaching } from '../../support/search/synthetic.js'

const faults = catalogue.map(describeFault)
const faultsNamed = (...names: string[]): FaultDescription[] => faults.filter(({ name }) => names.includes(name))
const some = faultsNamed('tool/unavailable', 'tool/bad-request', 'tool/reply-lost', 'tool/duplicate')
const texts = (plans: readonly Plan[]) => plans.map(encodePlan)
const pointsOf = (...tools: string[]): Reachable[] => reachableIn(reaching(...tools))

describe('probes', () => {
  it('fail each site for good, and once in the middle', () => {
    expect(texts(probesOf(pointsOf('a', 'a', 'a', 'b'), some))).toEqual([
      'tool:a#1.. = tool/unavailable',
      'tool:a#2 = tool/bad-request',
      'tool:b#1.. = tool/unavailable',
      'tool:b#1 = tool/bad-request',
    ])
  })

  it('take what there is, and nothing where nothing fits', () => {
    expect(texts(probesOf(pointsOf('a'), faultsNamed('tool/reply-lost')))).toEqual([
      'tool:a#1.. = tool/reply-lost',
      'tool:a#1 = tool/reply-lost',
    ])
    expect(probesOf(pointsOf('a'), faultsNamed('model/timeout', 'model/insisting'))).toEqual([])
  })
})

describe('what lies beyond', () => {
  const probe = [point('a')]
  const plansFor = (...probes: Parameters<typeof beyond>[0]) => texts(beyond(probes, pointsOf('a', 'b'), some))

  it('is every fault at the first occurrence of what a probe revealed, then one of each class wherever it occurs', () => {
    const at = (where: string, fault: string) => `tool:a#1 = tool/unavailable; tool:c${where} = tool/${fault}`
    const first = ['unavailable', 'bad-request', 'reply-lost', 'duplicate']
    const plans = plansFor({ plan: probe, reached: pointsOf('a', 'c', 'c') })
    expect(plans.slice(0, 4).sort()).toEqual(first.map((fault) => at('#1', fault)).sort())
    expect(plans).toContain(at('#2', 'bad-request'))
    expect(plans).toContain(at('#1..', 'unavailable'))
    expect(plans).not.toContain(at('#1..', 'bad-request'))
  })

  it('is nothing where a probe revealed nothing', () => {
    expect(plansFor({ plan: probe, reached: pointsOf('a', 'b') })).toEqual([])
  })

  it('is all faults once, however many probes reveal it', () => {
    const other = [point('b')]
    const [once, twice] = [
      plansFor({ plan: probe, reached: pointsOf('c') }),
      plansFor({ plan: probe, reached: pointsOf('c') }, { plan: other, reached: pointsOf('c') }),
    ]
    const beside = (plans: readonly string[]) => plans.filter((text) => text.startsWith('tool:b'))
    expect(beside(once)).toEqual([])
    expect(beside(twice).length).toBeGreaterThan(0)
    expect(beside(twice).length).toBeLessThan(twice.length / 2)
  })
})

it('a search finds what goes wrong at a site that only a fault reveals, and shrinks it to both faults', async () => {
  const bug = { verdicts: { listed: violated('bad', 'The other way broke.', [0]) } }
  const executor = fakeExecutor(factsWith(), (plan) => {
    if (!plan.includes('tool:a#1')) return { verdicts: { listed: held } }
    const trace = reaching('a', 'c')
    const isBad = plan.includes('tool:c#1')
    return { ...(isBad && bug), evidence: { trace, digest: digestOf(trace) } }
  })
  const result = await search(executor, { seed: 1, trialsMax: 100, command: (seed, plan) => `replay ${seed} ${plan}` })
  expect(result.violations.map(({ trial }) => trial.plan)).toEqual([
    'tool:a#1 = tool/unavailable; tool:c#1 = tool/unavailable',
  ])
})
