/** Proves that the map of a search says of every fault at every site how far it came, what was left out, and what would try it. */
import { catalogue, describeFault, type FaultDescription } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../faults/plan/plan.js'
import type { SearchOptions } from '../../../harness/search/options.js'
import { search } from '../../../harness/search/search.js'
import { factsWith, fakeExecutor, type Outcome, reaching } from '../../support/search/synthetic.js'

const command: SearchOptions['command'] = (seed, plan) => `replay ${seed} ${plan}`
const pick = (...names: string[]): FaultDescription[] =>
  catalogue.filter(({ name }) => names.includes(name)).map(describeFault)

function searchWith(
  faults: FaultDescription[],
  options: Partial<SearchOptions> = {},
  outcome?: (plan: string) => Outcome,
) {
  const executor = fakeExecutor(factsWith({ faults }), outcome)
  return search(executor, { seed: 1, trialsMax: 1_000, command, ...options })
}

const status = (text: string, status: 'planned' | 'reached' | 'masked' | 'landed'): Outcome => ({
  injections:
    text === '' ? [] : text.split('; ').map((one) => ({ text: one, faults: 1, closed: true, status, endsAt: null })),
})

const isSingleAt = (plan: string, tool: string) => plan.startsWith(`tool:${tool}#1 =`) && !plan.includes('; ')

describe('the map', () => {
  it('has a row of each phase that a fault can choose', async () => {
    const { coverage } = await searchWith(pick('process/crash'))
    const phases = coverage.filter(({ site }) => site === 'tool:a').map(({ phase }) => phase)
    expect(phases).toEqual(['after', 'before', 'during'])
  })

  it('says of each cell the furthest that any trial came', async () => {
    const furthest = { planned: 'never-reached', reached: 'reached', masked: 'masked', landed: 'struck' } as const
    for (const [came, state] of Object.entries(furthest) as [keyof typeof furthest, string][]) {
      const { coverage } = await searchWith(pick('tool/unavailable'), {}, (plan) => status(plan, came))
      expect(new Set(coverage.map((row) => row.state))).toEqual(new Set([state]))
    }
  })

  it('shows what fits and the bound kept from being tried', async () => {
    const { coverage } = await searchWith(pick('tool/unavailable'), { trialsMax: 1 })
    expect(coverage.map(({ site, planned, state }) => [site, planned, state])).toEqual([
      ['tool:a', 1, 'struck'],
      ['tool:b', 0, 'not-tried'],
    ])
  })
})

describe('what was left out', () => {
  it('has classes, pairs and what the bound cut off, each with the plans that it would take and the option', async () => {
    const { leftOut = [], search: counts } = await searchWith(pick('tool/unavailable'), { trialsMax: 1 })
    expect(leftOut[0]).toEqual({
      kind: 'bound',
      what: 'plans beyond the bound',
      plans: counts.planned - 1,
      option: `--trials-max ${counts.planned}`,
    })
    const classes = leftOut.filter(({ kind }) => kind === 'class')
    expect(classes.map(({ what }) => what)).toEqual([
      'definite',
      'indeterminate',
      'behavioural',
      'deceptive',
      'resource',
    ])
    expect(leftOut).toContainEqual({ kind: 'pairs', what: 'pairs of faults', plans: 1, option: '--depth 2' })
  })

  it('has what --only and --skip kept from being tried, and no pairs where they were asked for', async () => {
    const isWanted = (plan: Plan) => plan.every(({ sites }) => sites.every(({ target }) => target === 'a'))
    const { leftOut = [], coverage } = await searchWith(pick('tool/unavailable'), { isWanted, depth: '2' })
    expect(coverage.map(({ site }) => site)).toEqual(['tool:a'])
    expect(leftOut.find(({ kind }) => kind === 'selection')?.plans).toBeGreaterThan(0)
    expect(leftOut.some(({ kind }) => kind === 'pairs')).toBe(false)
  })

  it('has pairs that begin with a trial whose like has been seen, and runs none of them', async () => {
    const plans: string[] = []
    const faults = pick('tool/unavailable', 'tool/bad-request')
    const { leftOut = [] } = await searchWith(faults, { depth: '2' }, (plan) => {
      plans.push(plan)
      if (!isSingleAt(plan, 'a')) return {}
      // Whichever fault `a` meets, the trial is the same.
      const trace = { ...reaching('a', 'b'), injections: status(plan, 'landed').injections ?? [] }
      return { evidence: { trace, digest: 'one' } }
    })
    const first = plans.filter((plan) => plan.includes('; ')).map((plan) => plan.split('; ')[0])
    expect(new Set(first.filter((text) => text?.startsWith('tool:a')))).toEqual(
      new Set(['tool:a#1 = tool/bad-request']),
    )
    expect(leftOut.find(({ kind }) => kind === 'same')).toMatchObject({ plans: 4 })
  })

  it('has sites that were there and that no trial came to', async () => {
    const offered = [{ boundary: 'tool', target: 'a' } as const, { boundary: 'tool', target: 'never' } as const]
    const { leftOut = [] } = await searchWith(pick('tool/unavailable'), {}, () => ({ offered }))
    expect(leftOut.flatMap(({ kind, what }) => (kind === 'site' ? [what] : []))).toEqual(['tool:never'])
  })
})

describe('a share of the map that is asked for', () => {
  it('passes where it is struck, and is inconclusive where it is not', async () => {
    const faults = pick('tool/unavailable')
    expect(await searchWith(faults, { minCoverage: 100 })).toMatchObject({ verdict: 'passed' })
    expect(await searchWith(faults, { minCoverage: 50, trialsMax: 1 })).toMatchObject({ verdict: 'passed' })
    expect(await searchWith(faults, { minCoverage: 51, trialsMax: 1 })).toMatchObject({
      verdict: 'inconclusive',
      because: '1 of 2 cells of its map were struck, which is 50 %; --min-coverage asks for 51 %',
    })
  })
})

it('counts of each hundred trials those that went as none before, whatever struck them', async () => {
  let trials = 0
  const outcome = (): Outcome => ({ crossings: Math.min(trials++, 3) })
  const found = await searchWith(pick('tool/unavailable'), { depth: 'swarm', trialsMax: 250 }, outcome)
  expect(found.search.newBehaviour).toEqual([3, 0, 0])
})
