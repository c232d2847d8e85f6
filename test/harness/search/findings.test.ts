/** Proves that what the trials of a search add up to counts nothing that was not tested, and no bug twice. */
import { encodePlan, type Plan } from 'agent-chaos/faults'
import { inconclusive, vacuous, violated } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { InjectionStatus } from '../../../harness/contracts/trace.js'
import { breakerNotes } from '../../../harness/search/breakers.js'
import { Findings } from '../../../harness/search/findings.js'
import { factsWith, type Outcome, point, recordOf } from '../../support/search/synthetic.js'

const facts = factsWith()

function add(findings: Findings, plan: Plan, outcome: Outcome = {}): void {
  const spec = { plan, seed: 1, detail: 'brief' } as const
  findings.add(findings.run + 1, spec, recordOf(facts, spec, outcome))
}

/** The records of a plan's injections, each with the status given. */
function became(plan: Plan, ...statuses: InjectionStatus[]): Pick<Outcome, 'injections' | 'struck'> {
  const landed = plan.filter((_, index) => statuses[index] === 'landed')
  return {
    injections: plan.map((injection, index) => ({
      text: encodePlan([injection]),
      faults: 1,
      closed: true,
      status: statuses[index] ?? 'planned',
      endsAt: null,
    })),
    struck: landed.map(({ sites: [{ target }], faults: [{ fault }] }) => ({ site: `tool:${target}`, fault })),
  }
}

const row = (findings: Findings, name = 'listed') => findings.invariantRows().find((one) => one.name === name)

describe('counts', () => {
  it('tell planned from reached from landed', () => {
    const findings = new Findings(facts)
    const plan = [point('a')]
    for (const status of ['planned', 'reached', 'masked', 'landed'] as const) add(findings, plan, became(plan, status))
    expect([findings.run, findings.reached, findings.landed]).toEqual([4, 3, 1])
    expect(findings.coverage()).toEqual([
      { site: 'tool:a', fault: 'tool/unavailable', state: 'struck', planned: 4, reached: 3, masked: 1, landed: 1 },
    ])
  })

  it('add no `held` for a plan that never landed', () => {
    const findings = new Findings(facts)
    const plan = [point('a')]
    add(findings, plan, became(plan, 'reached'))
    expect(row(findings)).toMatchObject({ verdict: 'not-tested', trials: { held: 0 } })
    add(findings, plan, became(plan, 'landed'))
    expect(row(findings)).toMatchObject({ verdict: 'held', trials: { held: 1 } })
  })

  it('count every fault of a plan for its own site, landed only where it did', () => {
    const findings = new Findings(facts)
    const plan = [point('a'), point('b')]
    add(findings, plan, became(plan, 'landed', 'planned'))
    expect(findings.coverage().map(({ site, reached, landed }) => [site, reached, landed])).toEqual([
      ['tool:a', 1, 1],
      ['tool:b', 0, 0],
    ])
  })

  it('count a trial once that aims one fault at one site twice', () => {
    const findings = new Findings(facts)
    const plan = [point('a'), point('a', 'tool/unavailable', 9)]
    add(findings, plan, became(plan, 'landed', 'planned'))
    expect(findings.coverage()).toEqual([
      { site: 'tool:a', fault: 'tool/unavailable', state: 'struck', planned: 1, reached: 1, masked: 0, landed: 1 },
    ])
  })

  it('never show more landed than reached, nor more reached than planned', () => {
    const findings = new Findings(facts)
    const plan = [point('a'), point('a', 'tool/reply-lost'), point('b', 'tool/reply-lost')]
    add(findings, plan, became(plan, 'masked', 'landed', 'reached'))
    add(findings, plan, became(plan, 'landed'))
    for (const { planned, reached, landed } of findings.coverage()) {
      expect(reached).toBeLessThanOrEqual(planned)
      expect(landed).toBeLessThanOrEqual(reached)
    }
  })

  it('take the baseline for a test of an invariant and for no trial', () => {
    const findings = new Findings(facts)
    findings.addBaseline(recordOf(facts, { plan: [], seed: 1, detail: 'full' }))
    expect(row(findings)).toMatchObject({ verdict: 'held' })
    expect([findings.run, findings.landed]).toEqual([0, 0])
  })

  it('tell what was refused, with the first trial that tried it, and what was killed', () => {
    const findings = new Findings(facts)
    add(findings, [point('a')], {
      strays: [{ url: 'https://a.example/x', note: 'refused' }],
      end: { kind: 'killed', why: 'memory' },
    })
    add(findings, [point('a')], { strays: [{ url: 'https://a.example/x', note: 'refused' }] })
    expect(findings.strays()).toEqual([{ trial: 1, url: 'https://a.example/x', note: 'refused' }])
    expect(findings.killed).toBe(1)
  })

  it('note how breakers are put together, by what the baseline showed too', () => {
    const findings = new Findings(facts)
    const breaker = { site: 'tool:a', triesAtMost: 1, statusesCounted: [] }
    const baseline = { breakers: [{ ...breaker, volume: { seen: 2, needed: 3 } }] }
    findings.addBaseline(recordOf(facts, { plan: [], seed: 1, detail: 'full' }, baseline))
    add(findings, [point('a')], { breakers: [{ ...breaker, statusesCounted: [400], volume: { seen: 1, needed: 3 } }] })
    expect(breakerNotes(findings.breakers())).toEqual([
      'the breaker before tool:a counts 400 as failures: mistakes of the caller can open it',
      'the breaker before tool:a never can open: it needs 3 calls, and never saw more than 2',
    ])
  })
})

describe('findings', () => {
  const bug = (signature: string, story = 'It broke.') => ({ verdicts: { listed: violated(signature, story, [0]) } })

  it('are one for each way in which each invariant breaks, with the first plan that showed it', () => {
    const findings = new Findings(facts)
    add(findings, [point('a')])
    add(findings, [point('b')], bug('x', 'First.'))
    add(findings, [point('c')], bug('x', 'Second.'))
    add(findings, [point('d')], bug('y'))
    add(findings, [point('e')], { verdicts: { 'by-default': violated('x', 'Another invariant.', [0]) } })
    expect(
      findings.findings.map(({ invariant, verdict, spec, foundAfterTrials, occurrences }) => [
        invariant,
        verdict.signature,
        encodePlan(spec.plan),
        foundAfterTrials,
        occurrences,
      ]),
    ).toEqual([
      ['listed', 'x', 'tool:b#1 = tool/unavailable', 2, 2],
      ['listed', 'y', 'tool:d#1 = tool/unavailable', 4, 1],
      ['by-default', 'x', 'tool:e#1 = tool/unavailable', 5, 1],
    ])
  })

  it('make an invariant violated whatever other trials say', () => {
    const findings = new Findings(facts)
    add(findings, [point('a')])
    add(findings, [point('a')], { verdicts: { listed: inconclusive('who knows') } })
    add(findings, [point('a')], bug('x'))
    expect(row(findings)).toEqual({
      name: 'listed',
      kind: 'safety',
      verdict: 'violated',
      trials: { held: 1, violated: 1, vacuous: 0, inconclusive: 1 },
    })
  })
})

describe('why an invariant was not judged', () => {
  it('is told where it was never put to the test', () => {
    const findings = new Findings(facts)
    add(findings, [point('a')], { verdicts: { listed: vacuous('nothing happened') } })
    expect(row(findings)).toMatchObject({ verdict: 'not-tested', because: 'nothing happened' })
  })

  it('is what could not be judged, and not what was not tested before', () => {
    const findings = new Findings(facts)
    add(findings, [point('a')], { verdicts: { listed: vacuous('nothing happened') } })
    add(findings, [point('a')], { verdicts: { listed: inconclusive('the check threw') } })
    add(findings, [point('a')], { verdicts: { listed: inconclusive('another reason') } })
    expect(row(findings)).toMatchObject({ verdict: 'inconclusive', because: 'the check threw' })
  })
})
