/** Proves in which order violations are told, which of them only came of another, and that shards agree. */
import { catalogue, describeFault } from 'agent-chaos/faults'
import { violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { ViolationReport } from '../../../harness/contracts/report/report.js'
import { arrange } from '../../../harness/search/causes.js'
import { Findings } from '../../../harness/search/findings.js'
import { kindOf, plainnessOf } from '../../../harness/search/plainness.js'
import { joinViolations } from '../../../harness/search/searched.js'
import { violation } from '../../fixtures/cli/report.js'
import { factsWith, type Outcome, point, recordOf } from '../../support/search/synthetic.js'

const facts = factsWith({
  faults: catalogue.map(describeFault),
  invariants: [
    { name: 'keys', kind: 'safety', listed: false, harm: true },
    { name: 'doubled', kind: 'safety', listed: false, harm: true, outcome: true },
    { name: 'bounded', kind: 'safety', listed: false },
    { name: 'truthful', kind: 'safety', listed: false, outcome: true, restatesGoal: true },
    { name: 'recovers', kind: 'liveness', listed: false, outcome: true },
  ],
})

/** A trial in which these were violated, struck by one fault at a tool. */
function trial(fault: string, ...broken: string[]) {
  const spec = { plan: [point('pay', fault)], seed: 1, detail: 'brief' } as const
  const verdicts = Object.fromEntries(broken.map((name) => [name, violated('s', `${name} broke`, [0])]))
  return { spec, record: recordOf(facts, spec, { verdicts } satisfies Outcome) }
}

describe('of the trials that show a bug', () => {
  const plainness = (fault: string, ...also: string[]) =>
    plainnessOf(trial(fault, 'doubled', ...also).record, 'doubled', facts)

  it('a lost answer is plainer than a refusal, that than a model gone wrong, and that than what the network doubled', () => {
    const faults = ['tool/reply-lost', 'tool/unavailable', 'tool/bad-request', 'model/empty-answer', 'tool/duplicate']
    const order = faults.map((fault) => plainness(fault))
    expect([...order].sort((left, right) => left - right)).toEqual(order)
    expect(new Set(order).size).toBe(faults.length)
  })

  it('one without a mistake that it may have come of is plainer than all with one', () => {
    expect(plainness('tool/wrong-entity')).toBeLessThan(plainness('tool/reply-lost', 'keys'))
    // A lesser mistake is none that a graver outcome comes of.
    expect(plainness('tool/reply-lost', 'bounded')).toBe(plainness('tool/reply-lost'))
  })

  it('the plainest is told, the first of equals, and each kind of faults is kept with its first plan', () => {
    const findings = new Findings(facts)
    const faults = ['tool/duplicate', 'model/empty-answer', 'tool/unavailable', 'tool/reply-lost', 'tool/reply-lost']
    for (const [index, fault] of faults.entries()) {
      const { spec, record } = trial(fault, 'doubled')
      findings.add(index + 1, spec, record)
    }
    const [found] = findings.findings
    expect(found).toMatchObject({ foundAfterTrials: 1, occurrences: 5, trial: 4, kind: 'tool indeterminate' })
    expect([...(found?.kinds ?? [])].map(([kind, { trial }]) => [kind, trial]).sort()).toEqual([
      ['tool behavioural', 2],
      ['tool indeterminate', 1],
      ['tool transient', 3],
    ])
  })

  it('the kind of faults says where and of which class they struck', () => {
    const struck = [
      { site: 'tool:pay', fault: 'tool/unavailable' },
      { site: 'model:m', fault: 'model/empty-answer' },
      { site: 'tool:pay', fault: 'tool/unavailable' },
    ]
    expect(kindOf({ struck }, facts.faults)).toBe('model behavioural, tool transient')
  })
})

type Parts = Partial<Omit<ViolationReport, 'shown'>> & { readonly shown?: Partial<ViolationReport['shown']> }

function bug(invariant: string, gravity: ViolationReport['gravity'], { shown = {}, ...rest }: Parts = {}) {
  const by = { by: 1, kind: 'tool transient', plainness: 1, tells: 'mistake', ...shown } as const
  return violation({ invariant, signature: 's', gravity, shown: by, ...rest })
}

const names = (violations: readonly ViolationReport[]) =>
  violations.map(({ invariant, follows }) => (follows ? `${invariant} of ${follows.invariant}` : invariant))

describe('violations', () => {
  const keys = bug('keys', 'harm', { shown: { plainness: 5 } })
  const bounded = bug('bounded', 'safety', { shown: { plainness: 0 } })
  const outcome = (invariant: string, gravity: ViolationReport['gravity'], ...broke: string[]) =>
    bug(invariant, gravity, {
      shown: { plainness: 101, tells: 'outcome' },
      broke: broke.map((name) => ({ invariant: name, signature: 's' })),
    })

  const goal = (...broke: string[]) => {
    const { shown, ...rest } = outcome('truthful', 'safety', ...broke)
    return { ...rest, shown: { ...shown, tells: 'goal' } } as const
  }

  it('are told gravest first, then the plainest, then the first found', () => {
    const late = bug('late', 'safety', { shown: { plainness: 0 }, foundAfterTrials: 99 })
    const obscure = bug('obscure', 'safety', { shown: { plainness: 6 } })
    expect(names(arrange([bug('slow', 'liveness'), obscure, late, bounded, keys]))).toEqual([
      'keys',
      'bounded',
      'late',
      'obscure',
      'slow',
    ])
  })

  it('that were seen beside a mistake alone stand below it, and what came of those below them', () => {
    const doubled = outcome('doubled', 'harm', 'keys', 'truthful')
    const truthful = goal('doubled')
    expect(names(arrange([truthful, bounded, doubled, keys]))).toEqual([
      'keys',
      'doubled of keys',
      'truthful of doubled',
      'bounded',
    ])
  })

  it('that tell of an outcome come of a mistake alone, and that a goal was missed of either, of the mistake first', () => {
    const late = outcome('late', 'safety', 'doubled')
    const doubled = bug('doubled', 'harm', { shown: { plainness: 0, tells: 'outcome' } })
    expect(names(arrange([late, doubled]))).toEqual(['doubled', 'late'])
    expect(names(arrange([goal('doubled', 'keys'), doubled, keys]))).toEqual(['doubled', 'keys', 'truthful of keys'])
  })

  it('that were seen without it too stand for themselves', () => {
    const { shown, ...doubled } = outcome('doubled', 'harm', 'keys')
    expect(names(arrange([keys, { ...doubled, shown: { ...shown, plainness: 3 } }]))).toEqual(['doubled', 'keys'])
  })

  it('come of nothing that is less grave, that did not repeat, or that the trial did not break', () => {
    expect(names(arrange([bounded, outcome('doubled', 'harm', 'bounded')]))).toEqual(['doubled', 'bounded'])
    const flaky = { ...keys, status: 'flaky' } as const
    expect(names(arrange([flaky, outcome('doubled', 'harm', 'keys')]))).toEqual(['keys', 'doubled'])
    expect(names(arrange([keys, outcome('doubled', 'harm', 'other')]))).toEqual(['keys', 'doubled'])
  })

  it('are in no order that arranging them again would change', () => {
    const all = arrange([goal('keys'), bounded, keys])
    expect(arrange(all)).toEqual(all)
    expect(arrange([...all].reverse())).toEqual(all)
  })

  it('of several shards are joined as one search would have told them', () => {
    const also = (by: number, kind: string) => ({ by, kind, plan: `p${by}`, environment: { command: `c${by}` } })
    const left = bug('keys', 'harm', {
      shown: { by: 7, plainness: 4 },
      foundAfterTrials: 3,
      occurrences: 2,
      also: [also(3, 'tool transient'), also(7, 'model behavioural')],
    })
    const right = bug('keys', 'harm', {
      shown: { by: 8, plainness: 0 },
      foundAfterTrials: 4,
      occurrences: 5,
      also: [also(4, 'tool transient'), also(8, 'tool indeterminate')],
    })
    const joined = joinViolations([left, right])
    expect(joined).toEqual(joinViolations([right, left]))
    expect(joined).toHaveLength(1)
    expect(joined[0]).toMatchObject({ shown: { by: 8 }, foundAfterTrials: 3, occurrences: 7 })
    expect(joined[0]?.also.map(({ by }) => by)).toEqual([3, 7, 8])
  })
})
