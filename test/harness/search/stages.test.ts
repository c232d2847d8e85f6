/** Proves that a search goes on to pairs and to many faults at once where it is asked to, and ends at its bounds. */
import { held, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Executor } from '../../../harness/contracts/executor.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import type { SearchOptions } from '../../../harness/search/options.js'
import { search } from '../../../harness/search/search.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'
import { factsWith, fakeExecutor, type Outcome } from '../../support/search/synthetic.js'

const command: SearchOptions['command'] = (seed, plan) => `replay ${seed} ${plan}`

/** An agent that calls a, b and c in turn whatever fails; `isBad` says which plans break it. */
async function searchWith(isBad: (plan: string) => boolean, options: Partial<SearchOptions>) {
  const executor = fakeExecutor(factsWith(), (plan): Outcome => {
    const trace = new TraceBuilder()
    for (const tool of ['a', 'b', 'c']) {
      const crossing = trace.call(`tool:${tool}`)
      if (!plan.includes(`tool:${tool}#1 =`)) trace.ok(crossing)
      else trace.fault(crossing, 'transient').fail(crossing)
    }
    const built = trace.claim('success').build()
    const injections = plan === '' ? [] : plan.split('; ').map((text) => land(text))
    const whole = { ...built, injections }
    return {
      verdicts: { listed: isBad(plan) ? violated('bad', 'It broke.', [0]) : held },
      evidence: { trace: whole, digest: digestOf(whole) },
    }
  })
  const result = await search(executor, { seed: 1, trialsMax: 1_000, command, ...options })
  return { result, plans: executor.plans }
}

const land = (text: string) => ({ text, faults: 1, closed: true, status: 'landed' as const, endsAt: null })
const pair = (plan: string) => plan.includes('tool:a#1 =') && plan.includes('tool:c#1 =')

describe('a search of depth', () => {
  it('1 tries no two faults of its own at once', async () => {
    const { result } = await searchWith(pair, { depth: '1' })
    expect(result.verdict).toBe('passed')
  })

  it('2 tries every pair, the later fault where the trial under the first came to', async () => {
    const { result, plans } = await searchWith(pair, { depth: '2' })
    expect(result.violations.map(({ trial }) => trial.plan)).toEqual([
      'tool:a#1 = tool/unavailable; tool:c#1 = tool/unavailable',
    ])
    const pairs = plans.filter((plan) => /^tool:.#1 = [^;]*; tool:.#1 = [^;]*$/.test(plan))
    expect(new Set(pairs).size).toBe(3)
  })

  it('2 says how many pairs the bound left out', async () => {
    const { result: whole } = await searchWith(() => false, { depth: '2' })
    const { result: less } = await searchWith(() => false, { depth: '2', trialsMax: whole.search.run - 2 })
    expect(whole.search.skipped).toBe(0)
    expect(less.search).toMatchObject({ planned: whole.search.planned, skipped: 2 })
  })

  it('swarm goes on by chance up to the bound, the same for the same seed', async () => {
    const all = (plan: string) => ['a', 'b', 'c'].every((tool) => plan.includes(`tool:${tool}#1`))
    const one = await searchWith(all, { depth: 'swarm', trialsMax: 400 })
    const same = await searchWith(all, { depth: 'swarm', trialsMax: 400 })
    expect(one.result.search.run).toBe(400)
    expect(one.result.verdict).toBe('violated')
    expect(one.plans).toEqual(same.plans)
  })
})

it('a search whose time is up begins nothing more, judges what it has, and says so', async () => {
  const executor = fakeExecutor(factsWith())
  const slow: Executor = {
    ...executor,
    run: async (specs, options = {}) => {
      // The baseline has no bound; what follows takes until the time is up.
      const { signal } = options
      if (signal && !signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return executor.run(specs, options)
    },
  }
  const result = await search(slow, { seed: 1, trialsMax: 1_000, command, maxTime: 0.001 })
  expect(result).toMatchObject({ verdict: 'inconclusive', because: 'no fault landed: nothing was tested' })
  expect(result.search.skipped).toBe(result.search.planned)
  expect(result.notes).toContain('the time of its search (--max-time) was up before all its plans were tried')
})
