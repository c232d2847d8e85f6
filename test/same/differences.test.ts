/** What `npm run same` tells apart, and what it does not. */
import { describe, expect, it } from 'vitest'
import { differencesBetween, judge, ofOneRun, type Results } from './differences.js'

const report = (changes: Record<string, unknown> = {}, violation: Record<string, unknown> = {}): Results => ({
  format: 'agent-chaos/report',
  verdict: 'violated',
  scenarios: [
    {
      name: 'refund',
      verdict: 'violated',
      search: { run: 200 },
      violations: [
        {
          invariant: 'effects-exactly-once',
          story: 'charged twice',
          trial: { plan: 'tool:refund#1 = tool/reply-lost', digest: 'a' },
          events: [{ at: 0, kind: 'call' }],
          ...violation,
        },
      ],
      timing: { wallMs: 1 },
      ...changes,
    },
  ],
})

describe('two result files', () => {
  it('are the same where only traces, words and times differ', () => {
    const trial = { plan: 'tool:refund#1 = tool/reply-lost', digest: 'b' }
    const other = report({ timing: { wallMs: 9 } }, { trial, story: 'twice', events: [] })
    expect(differencesBetween(report(), other)).toEqual([])
  })

  it.each([
    ['a verdict', report({ verdict: 'passed' }), 'scenarios.refund.verdict'],
    ['the number of trials', report({ search: { run: 201 } }), 'scenarios.refund.search.run'],
    [
      'a minimal plan',
      report({}, { trial: { plan: 'tool:refund#2 = tool/reply-lost' } }),
      'scenarios.refund.violations.effects-exactly-once.trial.plan',
    ],
    ['a violation more or less', report({ violations: [] }), 'scenarios.refund.violations.effects-exactly-once'],
    ['a scenario more or less', { ...report(), scenarios: [] }, 'scenarios.refund'],
    ['what kind of file it is', { format: 'agent-chaos/selftest' }, 'format'],
  ])('differ in %s', (_what, other, where) => {
    expect(differencesBetween(report(), other).map((difference) => difference.where)).toEqual([where])
  })

  it('are the same to the byte where only times differ, and all else is named', () => {
    const other = report({ timing: { wallMs: 9 } }, { trial: { plan: 'p', digest: 'b' }, story: 'twice' })
    const where = (after: Results) =>
      differencesBetween(report(), after, ofOneRun).map((difference) => difference.where)
    expect(where(report({ timing: { wallMs: 9 } }))).toEqual([])
    const violation = 'scenarios.refund.violations.effects-exactly-once'
    expect(where(other)).toEqual([`${violation}.story`, `${violation}.trial.plan`, `${violation}.trial.digest`])
  })

  it('may differ in what is allowed with a reason, and in nothing beside it', () => {
    const differences = differencesBetween(report(), report({ verdict: 'passed', search: { run: 1 } }))
    const { unexplained, idle } = judge(differences, [{ where: 'scenarios.refund.search', because: 'fewer' }])
    expect(unexplained.map(({ where }) => where)).toEqual(['scenarios.refund.verdict'])
    expect(idle).toEqual([])
  })

  it('show an allowance that allows nothing any more', () => {
    const stale = { where: 'scenarios.notify', because: 'it had another bound' }
    expect(judge([], [stale]).idle).toEqual([stale])
  })
})
