import { describe, expect, it } from 'vitest'
import { held, inconclusive, type Verdict, vacuous, violated } from '../../../../harness/contracts/verdict.js'
import { reconcile } from '../../../../harness/executors/workers/reconcile.js'

const bug = violated('twice', 'Paid twice', [3])

function settle(said: Verdict, again: Verdict, { own = false, changed = [] as string[] } = {}) {
  const second = { judgements: [{ invariant: 'one', verdict: again }], leftOut: [], own: own ? ['one'] : [] }
  const { judgements, differences } = reconcile([{ invariant: 'one', verdict: said }], second, changed)
  return { verdict: judgements[0]?.verdict, differences: differences.length }
}

describe('two judgements on one trial', () => {
  it('agree where kind and signature do, however it is told', () => {
    expect(settle(bug, violated('twice', 'in other words', [1]))).toEqual({ verdict: bug, differences: 0 })
    expect(settle(vacuous('a'), vacuous('b')).differences).toBe(0)
    expect(settle(bug, violated('thrice', '', [3])).differences).toBe(1)
  })

  it('come to a violation where the clean process alone sees it', () => {
    expect(settle(held, bug)).toMatchObject({ verdict: { kind: 'violated', signature: 'twice' }, differences: 1 })
    expect(settle(vacuous('misled'), bug).verdict?.kind).toBe('violated')
  })

  it('never come to a pass where they differ', () => {
    const verdicts = [held, bug, vacuous('a'), inconclusive('b'), violated('thrice', 'Paid thrice.', [3])]
    for (const said of verdicts) {
      for (const again of verdicts) {
        if (said === again) continue
        const { verdict, differences } = settle(said, again)
        expect(['violated', 'inconclusive']).toContain(verdict?.kind)
        expect(differences).toBe(1)
      }
    }
  })

  it('come to no violation by a check of the user’s own, unless the agent is known to have changed the language', () => {
    expect(settle(held, bug, { own: true }).verdict?.kind).toBe('inconclusive')
    expect(settle(held, bug, { own: true, changed: ['Map'] }).verdict?.kind).toBe('violated')
  })

  it('are the first one alone where the second was left out, and the second where the first was', () => {
    const judgement = (invariant: string, verdict: Verdict) => ({ invariant, verdict })
    const second = { judgements: [judgement('other', bug)], leftOut: ['one'], own: [] }
    const { judgements, differences } = reconcile([judgement('one', held)], second, [])
    expect(judgements).toMatchObject([judgement('one', held), { invariant: 'other', verdict: { kind: 'violated' } }])
    expect(differences).toMatchObject([{ invariant: 'other', said: 'nothing', again: 'violated (twice)' }])
  })
})
