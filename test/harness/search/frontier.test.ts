/** Proves that sites which only a fault reveals are looked for, and struck beside the fault that reveals them. */
import { catalogue, describeFault, encodePlan, type FaultDescription, type Plan } from 'agent-chaos/faults'
import { held, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Reachable } from '../../../faults/plan/reachable.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import { beyond, probesOf } from '../../../harness/search/frontier.js'
import { reachableIn } from '../../../harness/search/ground.js'
import { search } from '../../../harness/search/search.js'
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
  const plansFor = (...probes: Parameters<typeof beyond>[0]) => {
    const { strikes, rest } = beyond(probes, new Set(['tool:a', 'tool:b']), some)
    return { strikes: texts(strikes), rest: texts(rest) }
  }
  const at = (where: string, fault: string) => `tool:a#1 = tool/unavailable; tool:c${where} = tool/${fault}`

  it('is first one fault of each class, where what was revealed begins and ends, and from then on what passes', () => {
    const { strikes } = plansFor({ plan: probe, reached: pointsOf('a', 'c', 'c', 'c') })
    const once = ['bad-request', 'unavailable', 'reply-lost'].flatMap((fault) => [at('#1', fault), at('#3', fault)])
    const onward = ['unavailable', 'reply-lost'].flatMap((fault) => [at('#1..', fault), at('#3..', fault)])
    const probing = at('#2', 'bad-request')
    expect([...strikes].sort()).toEqual([...once, ...onward, probing].sort())
    expect(strikes).not.toContain(at('#1..', 'bad-request'))
  })

  it('is every fault at its first occurrence later on', () => {
    const { rest } = plansFor({ plan: probe, reached: pointsOf('a', 'c', 'c') })
    expect([...rest].sort()).toEqual(some.map(({ name }) => at('#1', name.slice('tool/'.length))).sort())
  })

  it('is nothing where a probe revealed nothing', () => {
    expect(plansFor({ plan: probe, reached: pointsOf('a', 'b') })).toEqual({ strikes: [], rest: [] })
  })

  it('is struck in two of the ways in which it was revealed, and by every fault in one', () => {
    const ways = ['a', 'b', 'c'].map((tool) => ({ plan: [point(tool)], reached: pointsOf('d') }))
    const { strikes, rest } = plansFor(...ways)
    const tools = (plans: readonly string[]) => [...new Set(plans.map((text) => text.slice(0, 'tool:a'.length)))]
    expect(tools(strikes)).toEqual(['tool:a', 'tool:b'])
    expect(tools(rest)).toEqual(['tool:a'])
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

describe('a way that lies behind another one', () => {
  /** `a` falls back to `b`, that to `c` and that to `d`, which has the mistake. */
  const chain = (plan: string) => {
    const fails = (tool: string) => plan.includes(`tool:${tool}#1`)
    const tools = ['a', ...(fails('a') ? ['b', ...(fails('b') ? ['c', ...(fails('c') ? ['d'] : [])] : [])] : [])]
    const isBad = tools.includes('d') && fails('d')
    const trace = reaching(...tools)
    const verdicts = { listed: isBad ? violated('bad', 'The last way broke.', [0]) : held }
    return { verdicts, evidence: { trace, digest: digestOf(trace) } }
  }
  const options = { seed: 1, trialsMax: 300, command: (seed: number, plan: string) => `replay ${seed} ${plan}` }

  it('is struck as soon as it is revealed, before what is planned from the trial without faults', async () => {
    const plans: string[] = []
    const executor = fakeExecutor(factsWith(), (plan) => {
      plans.push(plan)
      return chain(plan)
    })
    const result = await search(executor, options)
    expect(result.violations.map(({ trial }) => trial.plan.split('; '))).toEqual([
      ['a', 'b', 'c', 'd'].map((tool) => expect.stringContaining(`tool:${tool}#1`)),
    ])
    const deepest = plans.findIndex((plan) => plan.includes('tool:d#1'))
    const story = plans.findIndex((plan) => plan.includes('tool:a#1 x2'))
    expect(deepest).toBeGreaterThan(0)
    expect(deepest).toBeLessThan(story)
  })

  it('is planned by every shard alike: together they find what one run finds', async () => {
    const whole = await search(fakeExecutor(factsWith(), chain), options)
    const parts = await Promise.all(
      [1, 2, 3].map((index) => search(fakeExecutor(factsWith(), chain), { ...options, shard: { index, count: 3 } })),
    )
    expect(parts.reduce((sum, part) => sum + part.search.run, 0)).toBe(whole.search.run)
  })
})

it('no trial is run twice, however many a search begins with', async () => {
  const trace = reaching(...Array.from({ length: 60 }, (_, index) => `t${index}`))
  const evidence = { trace, digest: digestOf(trace) }
  const executor = fakeExecutor(factsWith(), () => ({ evidence, spend: { ...trace.spend, modelCalls: 1 } }))
  const { search: counts } = await search(executor, { seed: 1, trialsMax: 700, command: () => 'replay' })
  const ran = executor.plans.map((plan, index) => `${executor.seeds[index]} ${plan}`)
  expect(counts.run).toBeGreaterThan(400)
  expect(new Set(ran.filter((text) => !text.endsWith(' '))).size).toBe(counts.run)
})
