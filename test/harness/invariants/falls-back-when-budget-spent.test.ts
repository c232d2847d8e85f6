/** Proves that an error budget is counted without rounding, and that work goes elsewhere exactly while it is spent. */
import { type ErrorBudget, fallsBackWhenBudgetSpent } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

/** At most one failure among the last four; thirty seconds to recover. */
const budget: ErrorBudget = {
  primary: 'tool:draft',
  fallback: 'tool:template',
  target: 0.75,
  window: 4,
  recoverAfterMs: 30_000,
}

const judge = (trace: TraceBuilder, given: Partial<ErrorBudget> = {}) =>
  fallsBackWhenBudgetSpent({ ...budget, ...given }).check(trace.build(), undefined)

let tickets = 0

/** `x` and `.`: the primary fails or answers; `f` and `F`: the fallback answers or fails. One call each second. */
function work(outcomes: string, trace = new TraceBuilder(), fromMs = 0): TraceBuilder {
  for (const [n, outcome] of [...outcomes].entries()) {
    const isPrimary = outcome === 'x' || outcome === '.'
    trace.at(fromMs + n * 1_000)
    const crossing = trace.call(isPrimary ? 'tool:draft' : 'tool:template', { input: String(tickets++) })
    if (outcome === 'x' || outcome === 'F') trace.fail(crossing, 'transient')
    else trace.ok(crossing)
  }
  return trace
}

describe('falls-back-when-budget-spent', () => {
  it('is vacuous while the failures are within the budget', () => {
    expect(judge(work('x...x...x'))).toEqual({ kind: 'vacuous', because: 'the budget was never spent' })
  })

  it('is vacuous where no work came after it was spent', () => {
    expect(judge(work('x.x'))).toEqual({ kind: 'vacuous', because: 'no work came after the budget was spent' })
  })

  it('is held where work goes to the fallback', () => {
    expect(judge(work('x.xfff'))).toEqual({ kind: 'held' })
  })

  it('is violated by work that goes to the primary all the same', () => {
    expect(judge(work('x.xf.'))).toEqual({
      kind: 'violated',
      signature: 'primary-used',
      story: 'The agent called tool:draft while its error budget was spent.',
      evidence: [5, 8],
    })
  })

  it('lets the primary be tried again when the time to recover is over, and not before', () => {
    const spend = () => work('x.x')
    expect(judge(work('.', spend(), 32_000))).toEqual({ kind: 'held' })
    expect(judge(work('.', spend(), 31_999))).toMatchObject({ kind: 'violated' })
  })

  it('begins a new window after that', () => {
    expect(judge(work('x...x', work('x.x'), 32_000))).toEqual({ kind: 'held' })
    expect(judge(work('xx.', work('x.x'), 32_000))).toMatchObject({ kind: 'violated' })
  })

  it('counts the last calls of the window alone', () => {
    expect(judge(work('x....x....x.'))).toMatchObject({ kind: 'vacuous' })
  })

  it.each([
    [0.9, 10, 1],
    [0.9, 20, 2],
    [0.99, 100, 1],
    [0.7, 10, 3],
  ])('does not lose a failure to binary fractions: %s of %s leaves %s', (target, window, failures) => {
    const given = { target, window }
    expect(judge(work(`${'x'.repeat(failures)}.f`), given)).toMatchObject({ kind: 'vacuous' })
    expect(judge(work(`${'x'.repeat(failures + 1)}.`), given)).toMatchObject({ kind: 'violated' })
  })

  it('is spent by the first failure where it is for less than one', () => {
    expect(judge(work('x.'), { target: 0.99, window: 10 })).toMatchObject({ kind: 'violated' })
  })

  it('is not spent before so many calls have ended', () => {
    expect(judge(work('xx.f'), { minimumCalls: 4 })).toMatchObject({ kind: 'vacuous' })
    expect(judge(work('xx..f'), { minimumCalls: 4 })).toEqual({ kind: 'held' })
  })

  it('exempts calls in flight, which may even bring the budget back', () => {
    const trace = new TraceBuilder()
    const flight = Array.from({ length: 6 }, (_, n) => trace.call('tool:draft', { input: `flight ${n}` }))
    for (const [n, crossing] of flight.entries()) n < 2 ? trace.fail(crossing, 'transient') : trace.ok(crossing)
    expect(judge(work('.', trace, 1_000))).toEqual({ kind: 'held' })
  })

  it('exempts the primary as the last resort when the fallback failed', () => {
    expect(judge(work('x.xF.'))).toEqual({ kind: 'held' })
    expect(judge(work('x.xFf.'))).toMatchObject({ kind: 'violated' })
  })

  it('exempts it where the fallback gave a deceptive answer, which the agent may have seen through', () => {
    const trace = work('x.x')
    const fallback = trace.call('tool:template')
    trace.fault(fallback, 'deceptive', {}, ['rewrite']).ok(fallback, {})
    expect(judge(work('.', trace, 4_000))).toEqual({ kind: 'held' })
  })

  it('does not charge errors that are for good, unless the scenario does', () => {
    const refuse = () => {
      const trace = new TraceBuilder()
      for (const input of ['1', '2', '3']) trace.fail(trace.call('tool:draft', { input }), 'definite', { status: 400 })
      return trace
    }
    expect(judge(refuse())).toMatchObject({ kind: 'vacuous' })
    expect(judge(refuse(), { counts: () => true })).toMatchObject({ kind: 'violated' })
  })

  it('does not charge what may have been given up, and charged, before', () => {
    const slow = (meanwhile: boolean) => {
      const trace = work('x')
      const crossing = trace.at(1_000).call('tool:draft', { input: 'slow' })
      if (meanwhile) work('f', trace, 4_000)
      return work('.', trace.at(6_000).fail(crossing, 'indeterminate'), 7_000)
    }
    expect(judge(slow(true))).toMatchObject({ kind: 'vacuous' })
    expect(judge(slow(false))).toMatchObject({ kind: 'violated' })
  })

  it('counts anew when the agent was restarted', () => {
    expect(judge(work('x.f', work('x').restart()))).toMatchObject({ kind: 'vacuous' })
    expect(judge(work('.', work('x.x').restart(), 3_000))).toMatchObject({ kind: 'vacuous' })
  })

  it('refuses sites that name no boundary', () => {
    expect(() => fallsBackWhenBudgetSpent({ ...budget, primary: 'draft' })).toThrow('"draft" is no site')
  })

  describe('the way back', () => {
    const later = () => work('ff', work('xfxf'), 40_000)

    it('must be taken where all faults were over and the time to recover had passed', () => {
      expect(judge(later().claim('success'))).toEqual({
        kind: 'violated',
        signature: 'never-returned',
        story: 'All faults were over and the time to recover had passed, and work still went to tool:template.',
        evidence: [4, 8, 10],
      })
    })

    it('is not judged by one call, under an open fault, or without an answer', () => {
      expect(judge(work('f', work('xfxf'), 40_000).claim('success'))).toEqual({ kind: 'held' })
      expect(judge(later().plan({ closed: false }).claim('success'))).toEqual({ kind: 'held' })
      expect(judge(later())).toEqual({ kind: 'held' })
    })

    it('is not judged by how often one call had to be tried', () => {
      const trace = work('xfxf').at(40_000)
      trace.fail(trace.call('tool:template', { input: 'T12' }), 'indeterminate').at(41_000)
      trace.ok(trace.call('tool:template', { input: 'T12' }))
      expect(judge(trace.claim('success'))).toEqual({ kind: 'held' })
    })

    it('is taken by one call to the primary, whatever came of it', () => {
      expect(judge(work('xff', work('xfxf'), 40_000).claim('success'))).toEqual({ kind: 'held' })
    })
  })

  it('never accuses an agent that keeps such a budget', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(12_000), fc.boolean()), { maxLength: 60 }), (steps) => {
        const trace = new TraceBuilder()
        let [now, failed, spentUntil] = [0, [] as boolean[], 0]
        for (const [waitMs, fails] of steps) {
          now += waitMs
          trace.at(now)
          const isSpent = now < spentUntil
          const crossing = trace.call(isSpent ? 'tool:template' : 'tool:draft', { input: String(tickets++) })
          if (isSpent || !fails) trace.ok(crossing)
          else trace.fail(crossing, 'transient')
          if (isSpent) continue
          failed = [...failed, fails].slice(-budget.window)
          if (failed.filter(Boolean).length <= 1) continue
          ;[spentUntil, failed] = [now + budget.recoverAfterMs, []]
        }
        expect(judge(trace.claim('success'))).not.toMatchObject({ kind: 'violated' })
      }),
      { numRuns: 500, seed: 3 },
    )
  })
})
