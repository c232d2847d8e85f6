/** Proves that several runs are told on one page: in their order in time, with what is new, what is gone and how reliable. */
import { describe, expect, it } from 'vitest'
import { history } from '../../../reports/index.js'
import { measureReport } from '../../fixtures/cli/measure.js'
import { failing, report, scenarioReport, violation } from '../../fixtures/cli/report.js'

const measureWith = (estimate: number) => {
  const measure = measureReport()
  return measureReport({ reliability: { ...measure.reliability, estimate } })
}

const on = (day: number, scenario: Parameters<typeof scenarioReport>[0]) =>
  report({
    scenarios: [scenarioReport({ name: 'refund', ...scenario })],
    timing: { startedAt: `2026-03-0${day}T10:00:00.000Z`, wallMs: 1_000 },
  })

const runs = [
  on(1, {
    verdict: 'violated',
    violations: [violation({ signature: 'duplicated:refund' })],
    measure: measureWith(0.91),
  }),
  on(2, { verdict: 'violated', violations: failing.violations, measure: measureWith(0.95) }),
  on(3, { measure: measureWith(0.97) }),
]

/** What stands in the cells of each row. */
function rows(page: string): string[][] {
  return [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '').trim()),
  )
}

describe('the history of several runs', () => {
  it('is the same page in whichever order the results are given, the latest run first', () => {
    const page = history(runs)
    expect(history([...runs].reverse())).toBe(page)
    const dates = rows(page).flatMap(([first = '']) => first.match(/2026-03-0\d/g) ?? [])
    expect(dates.slice(0, 3)).toEqual(['2026-03-03', '2026-03-02', '2026-03-01'])
  })

  it('tells of each violation when it was first seen and last, and that it is gone', () => {
    const found = rows(history(runs)).find(([name]) => name === 'effects-exactly-once (duplicated:refund)')
    expect(found?.slice(1)).toEqual([
      'gone',
      '2026-03-01 10:00',
      expect.stringMatching(/2026-03-0[12] 10:00/),
      expect.any(String),
    ])
    const last = rows(history(runs.slice(0, 1))).find(([name]) => name === 'effects-exactly-once (duplicated:refund)')
    expect(last?.[1]).toBe('still there')
  })

  it('draws the reliability of a scenario with a mark for each run that measured it', () => {
    const page = history([...runs, on(4, {})])
    const [, figure = ''] = /<figure class="over-time">(.*?)<\/figure>/s.exec(page) ?? []
    expect(figure.match(/<circle/g)).toHaveLength(3)
    expect(figure).toContain('0.910 at first, 0.970 at last')
    expect(page).toContain('not measured')
  })

  it('says where a scenario was not in a run, and escapes what it is called', () => {
    const other = on(5, { name: '<img src=x onerror=alert(1)>' })
    const page = history([...runs, other])
    expect(page).toContain('not in this run')
    expect(page).not.toContain('<img')
  })
})
