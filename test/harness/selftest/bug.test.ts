/** What is said of a planted bug: found only by the invariant that names it, and told with the least that shows it. */
import { type Verdict, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { findBug } from '../../../harness/selftest/bug.js'
import { factsWith, fakeExecutor, type Outcome } from '../../support/search/synthetic.js'

const wrong = violated('wrong', 'It is wrong.', [0])
const says = (listed: Verdict): Outcome => ({ verdicts: { listed } })
const canary = factsWith({ canary: 'listed' })

function lookFor(outcome: (plan: string) => Outcome, trialsMax = 500) {
  return findBug(fakeExecutor(canary, outcome), {
    seed: 1,
    trialsMax,
    signal: new AbortController().signal,
    file: 'x.chaos.ts',
    source: '/** Wrong on purpose: it is wrong. */',
    command: (seed, plan) => `replay ${seed} ${plan}`,
    onProgress: () => {},
  })
}

describe('a planted bug', () => {
  it('is found by the invariant that names it', async () => {
    const bug = await lookFor((plan) => (plan === 'tool:b#1 = tool/unavailable' ? says(wrong) : {}))
    expect(bug).toMatchObject({
      name: 'made-up',
      mistake: 'it is wrong',
      invariant: 'listed',
      verdict: 'found',
      found: {
        afterTrials: 2,
        faults: 1,
        plan: 'tool:b#1 = tool/unavailable',
        seed: 1,
        environment: { command: 'replay 1 tool:b#1 = tool/unavailable' },
      },
    })
  })

  it('is not found by another invariant, which is told as having fired', async () => {
    const bug = await lookFor((plan) => (plan === '' ? {} : { verdicts: { 'by-default': wrong } }))
    expect([bug.verdict, bug.found]).toEqual(['not-found', null])
    expect(bug.invariants.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['by-default', 'violated'],
      ['listed', 'held'],
    ])
  })

  it('is looked for by single faults, and then by several at once up to the bound', async () => {
    const both = (plan: string) => plan.includes('tool:a#1 = ') && plan.includes('tool:b#1 = ')
    const bug = await lookFor((plan) => (both(plan) ? says(wrong) : {}))
    expect(bug.found?.faults).toBe(2)
    expect(both(bug.found?.plan ?? '')).toBe(true)
    expect((await lookFor(() => ({}), 77)).trials).toBe(77)
  })

  it('is told apart from a scenario that does not work', async () => {
    expect((await lookFor(() => says(wrong))).verdict).toBe('broken')
    expect((await lookFor(() => ({ goal: false }))).verdict).toBe('misconfigured')
  })
})
