/** What every invariant keeps, whatever it is about: no antecedent, no pass; pure; never a pass where it throws. */
import { runTrial } from 'agent-chaos'
import { type Invariant, invariantCatalogue, judge, type Verdict } from 'agent-chaos/invariants'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Trace } from '../../harness/contracts/trace.js'
import idle from '../fixtures/idle/idle.chaos.js'
import { TraceBuilder } from '../support/invariants/trace-builder.js'
import { type Judged, scenarios, trialsOf } from '../support/invariants/traces.js'

const plansEach = 25

let judged: readonly Judged[]

beforeAll(async () => {
  judged = await trialsOf(scenarios, plansEach)
})

/** In place of its entry in the catalogue, an invariant as the scenario has configured it. */
function asIn({ invariants }: Judged, invariant: Invariant): readonly Invariant[] {
  return [invariant, ...invariants.filter(({ name }) => name === invariant.name)]
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

const store = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

/** Asked in every trial, by its own account. */
const always = /^(Always|Every trial)\b/

describe('the traces that the laws are about', () => {
  it('hold every kind of verdict', () => {
    const kinds = judged.flatMap(({ trial }) => trial.judgements.map(({ verdict }) => verdict.kind))
    for (const kind of ['held', 'vacuous', 'violated']) expect(kinds).toContain(kind)
  })
})

describe.each(invariantCatalogue.map((invariant) => [invariant.name, invariant] as const))('%s', (name, invariant) => {
  it('is held by no agent that did nothing and said so, unless it is asked of every trial', () => {
    const trace = new TraceBuilder().claim('failure').build()
    const { kind } = invariant.check(trace, undefined)
    expect(kind).not.toBe('violated')
    if (!always.test(invariant.antecedent)) expect(kind).not.toBe('held')
  })

  it('is held by no agent that called nothing and claims success, unless it is asked of every claim of success', async () => {
    const { trace, state } = await runTrial(idle)
    expect(trace.events.map(({ kind }) => kind)).toEqual(['claim', 'end'])
    const { kind } = invariant.check(trace, state)
    expect(kind).not.toBe('violated')
    const asked = always.test(invariant.antecedent) || invariant.antecedent.includes('claims success')
    if (!asked) expect(kind).not.toBe('held')
  })

  it('says the same of a trace and a state that nobody can change', () => {
    for (const each of judged) {
      const { trace, state } = each.trial
      for (const one of asIn(each, invariant)) {
        const verdict = one.check(trace, state)
        expect(one.check(freeze(store(trace)), freeze(store(state)))).toEqual(verdict)
      }
    }
  })

  it('says the same when it is asked again, whatever it was asked in between', () => {
    const ask = (some: readonly Judged[]): Verdict[] =>
      some.flatMap((each) => asIn(each, invariant).map((one) => one.check(each.trial.trace, each.trial.state)))
    const forwards = ask(judged)
    const backwards = [...judged].reverse().map((each) => ask([each]))
    expect(backwards.reverse().flat()).toEqual(forwards)
  })

  it('says of a stored trace what was said when it ran', () => {
    for (const each of judged) {
      const then = each.trial.judgements.find((judgement) => judgement.invariant === name)
      const own = each.invariants.filter((one) => one.name === name)
      const again = judge(own, store(each.trial.trace), store(each.trial.state))
      expect(again).toEqual(then ? [then] : [])
    }
  })

  it('is inconclusive, and no pass, where its check throws', () => {
    const broken: Invariant = {
      ...invariant,
      check: () => {
        throw new Error('oops')
      },
    }
    for (const { trial } of judged.slice(0, 3)) {
      expect(judge([broken], trial.trace, trial.state)).toEqual([
        { invariant: name, verdict: { kind: 'inconclusive', because: 'the check threw: oops' } },
      ])
    }
  })
})

/** Their antecedent is something that goes wrong. */
const aboutFailures = [
  'partial-reply-not-acted-on',
  'no-partial-effects',
  'breaker-trips',
  'breaker-recovers',
  'falls-back-when-budget-spent',
  'tool-errors-structured',
  'permanent-errors-not-retried',
  'transient-errors-retried',
  'backoff-respected',
]

describe('a trace in which nothing went wrong', () => {
  it.each(aboutFailures)('does not hold %s', (name) => {
    const undisturbed = judged.filter(({ plan }) => plan.length === 0)
    expect(undisturbed.length).toBe(scenarios.length)
    for (const each of undisturbed) {
      const invariant = invariantCatalogue.find((one) => one.name === name)
      const verdicts = invariant
        ? asIn(each, invariant).map((one) => one.check(each.trial.trace, each.trial.state))
        : []
      expect(verdicts.map(({ kind }) => kind)).toEqual(verdicts.map(() => 'vacuous'))
      expect(verdicts.length).toBeGreaterThan(0)
    }
  })
})

describe('the order of trials', () => {
  const digests = (some: readonly Judged[]) =>
    Object.fromEntries(some.map(({ scenario, trial }) => [`${scenario} ${trial.trace.plan}`, trial.digest]))
  const verdicts = (some: readonly Judged[]) =>
    Object.fromEntries(some.map(({ scenario, trial }) => [`${scenario} ${trial.trace.plan}`, trial.judgements]))

  it('changes no verdict and no trace: what ran first leaves nothing behind', async () => {
    const backwards: Judged[] = []
    for (const { scenario, plan, invariants } of [...judged].reverse()) {
      const found = scenarios.find(({ name }) => name === scenario)
      if (found) backwards.push({ scenario, plan, invariants, trial: await runTrial(found, { plan }) })
    }
    expect(backwards.length).toBe(judged.length)
    expect(verdicts(backwards)).toEqual(verdicts(judged))
    expect(digests(backwards)).toEqual(digests(judged))
  })

  it('is of no account between two scenarios either: A and then B is B and then A', async () => {
    const [a, b] = [scenarios.slice(1, 3), scenarios.slice(1, 3).reverse()]
    const [ab, ba] = [await trialsOf(a, 5), await trialsOf(b, 5)]
    expect(verdicts(ba)).toEqual(verdicts(ab))
    expect(digests(ba)).toEqual(digests(ab))
  })
})

describe('a trace that tells of nothing', () => {
  const empty: Trace = { ...new TraceBuilder().build({ end: { kind: 'returned' } }), events: [] }

  it.each(invariantCatalogue.map((invariant) => [invariant.name, invariant] as const))(
    'is no pass for %s, unless it is asked of every trial',
    (_, invariant) => {
      const [judgement] = judge([invariant], empty, undefined)
      if (!always.test(invariant.antecedent)) expect(judgement?.verdict.kind).not.toBe('held')
    },
  )
})
