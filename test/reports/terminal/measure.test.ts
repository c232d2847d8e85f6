/** What was measured, for people: exact at three widths, within the width, and deaf to what it does not need to say. */
import { describe, expect, it } from 'vitest'
import { conclude } from '../../../harness/campaign/conclusion.js'
import type { MeasureReport, ScenarioReport } from '../../../harness/contracts/report/report.js'
import { columnsOf } from '../../../reports/drawing/text.js'
import { terminal } from '../../../reports/index.js'
import {
  measureReport,
  missedReliability,
  refusedReliability,
  sweptReliability,
  undecidedReliability,
} from '../../fixtures/cli/measure.js'
import { report, scenarioReport } from '../../fixtures/cli/report.js'

/** With all figures; the last test of this part has what is said by default. */
const plain = { width: 80, color: false, unicode: true, verbose: true }
const escapeCharacter = String.fromCharCode(27)

function measuredScenario(name: string, verdict: ScenarioReport['verdict'], measure: MeasureReport): ScenarioReport {
  const searched = { verdict: 'passed', because: 'no violation in 400 trials with faults' } as const
  const { because } = conclude(searched, measure, [])
  return scenarioReport({ name, verdict, because, searched, measure })
}

const scenarios = [
  measuredScenario('refund-order', 'passed', measureReport()),
  measuredScenario('support-desk', 'violated', missedReliability),
  measuredScenario('research', 'inconclusive', undecidedReliability),
  measuredScenario('report', 'inconclusive', refusedReliability),
  measuredScenario('flaky', 'passed', sweptReliability),
]

/** The lines of the drawing between its axes, the highest first. */
function drawing(measure: MeasureReport, options: Partial<typeof plain> = {}): string[] {
  const text = terminal(report({ scenarios: [scenarioReport({ measure })] }), { ...plain, ...options })
  return text.split('\n').flatMap((line) => line.match(/^ +[\d.]* [│|](.*)$/)?.[1] ?? [])
}

describe('the report of what was measured', () => {
  it.each([40, 80, 120])('is drawn at %i columns', async (width) => {
    const text = terminal(report({ scenarios }), { ...plain, width })
    await expect(text).toMatchFileSnapshot(`snapshots/measure-${width}.txt`)
  })

  it('is drawn without Unicode', async () => {
    const text = terminal(report({ scenarios }), { ...plain, unicode: false })
    expect(text).toMatch(/^[\n -~]*$/)
    await expect(text).toMatchFileSnapshot('snapshots/measure-ascii.txt')
  })

  it.each([30, 40, 60, 80, 120, 200])('keeps every line within %i columns', (width) => {
    for (const unicode of [true, false]) {
      const text = terminal(report({ scenarios }), { ...plain, width, unicode })
      const own = text.slice(text.indexOf('refund-order: reliability'), text.indexOf('\nsearch'))
      expect(own.split('\n').filter((line) => columnsOf(line) > width)).toEqual([])
    }
  })

  it('says the same with colour as without', () => {
    const colored = terminal(report({ scenarios }), { ...plain, color: true })
    expect(colored).toContain(escapeCharacter)
    const uncolored = colored.replace(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '')
    expect(uncolored).toBe(terminal(report({ scenarios }), plain))
  })

  it('gives the verdict in one line, with what is known and what was asked for', () => {
    const [first] = scenarios
    const text = terminal(report({ scenarios: first ? [first] : [] }), { ...plain, width: 140 })
    expect(text).toContain(
      '✔ refund-order: reliability 0.989 (95 %: 0.961 to 0.997) at fault rate 0.1, at least 0.95: met, 181 trials\n',
    )
  })

  it('is one line by default where the gate is met, and whole where it is not', () => {
    const two = scenarios.slice(0, 2)
    const text = terminal(report({ scenarios: two }), { ...plain, width: 140, verbose: false })
    expect(text).toContain('✔ refund-order: reliability 0.989 (95 %: 0.961 to 0.997)')
    expect(text).not.toContain('22 % consumed')
    expect(text).toContain('✖ support-desk: reliability')
    expect(text).toContain('674 % consumed')
  })

  it('is nothing for a quiet run where the gate is met, swept or not', () => {
    const swept = measuredScenario('flaky', 'passed', sweptReliability)
    const text = terminal(report({ scenarios: [swept] }), { ...plain, verbose: false, quiet: true } as typeof plain)
    expect(text).not.toContain('flaky')
  })

  it('shows how far the error budget is spent, beyond all of it too', () => {
    const text = terminal(report({ scenarios }), plain)
    expect(text).toContain('22 % consumed (95 %: 6 % to 79 %)')
    expect(text).toContain('674 % consumed (95 %: 545 % to 817 %)')
    expect(text).toContain('-574 % left (-717 % to -445 %)')
    expect(text).toContain('burn rate 6.74 of at most 20')
  })

  it('tells a sequential gate with its confidence sequence, its risks, and the fault profile by name', () => {
    const text = terminal(report({ scenarios: [measuredScenario('flaky', 'passed', sweptReliability)] }), {
      ...plain,
      width: 160,
    })
    expect(text).toContain(
      'reliability 0.989 (95 %: 0.942 to 0.999) under flaky-tools at fault rate 0.15, at least 0.95: met, 181 trials',
    )
    expect(text).toContain(
      'sequential: 0.95 is met wrongly, or missed wrongly, in at most 5 % of runs each · 0.99 is ruled out wrongly in at most 5 % of runs',
    )
    expect(text).toContain('burn rate 0.1 of at most 10 · an alert at 14.4 can never fire')
    expect(text).toContain('at 19 % of the crossings (nominal 15 %)')
  })

  it('tells both risks of a gate that shares one of them with others', () => {
    const shared = measureReport({ gate: { ...measureReport().gate, alpha: 0.05 / 3 } })
    const text = terminal(report({ scenarios: [measuredScenario('one of three', 'passed', shared)] }), {
      ...plain,
      width: 120,
    })
    expect(text).toContain(
      'fixed: 0.95 is met wrongly in at most 5 % of runs · missed wrongly in at most 1.67 % of runs',
    )
  })

  it('shows a sweep as one line for each fault rate, with what each step costs', () => {
    const lines = terminal(report({ scenarios: [measuredScenario('flaky', 'passed', sweptReliability)] }), plain).split(
      '\n',
    )
    const at = lines.findIndex((line) => line.includes('at other fault rates'))
    expect(lines.slice(at + 1, at + 5)).toEqual([
      '  rate  landed  reliability            95 %  lost  won  0.95 for',
      '     0     0 %        1.000  0.980 to 1.000             0.0074 usd',
      '  0.05     5 %        0.980  0.960 to 1.000     4    0  0.0574 usd',
      '   0.2    18 %        0.840  0.820 to 0.860    29    1  none',
    ])
  })

  it('says why a gate is not met, once', () => {
    const text = terminal(report({ scenarios }), { ...plain, width: 200 })
    for (const { gate } of [missedReliability, undecidedReliability, refusedReliability]) {
      expect(text.split(gate.because)).toHaveLength(2)
    }
    const other = { ...scenarioReport({ name: 'x', because: 'interrupted', measure: refusedReliability }) }
    const apart = terminal(report({ scenarios: [{ ...other, verdict: 'inconclusive' }] }), { ...plain, width: 200 })
    expect(apart).toContain(refusedReliability.gate.because)
  })

  it('is left out of a quiet run where the gate is met', () => {
    const met = terminal(report({ scenarios: scenarios.slice(0, 1) }), { ...plain, quiet: true })
    const missed = terminal(report({ scenarios }), { ...plain, quiet: true })
    expect(met).not.toContain('reliability')
    expect(missed).not.toContain('refund-order')
    expect(missed).toContain('support-desk: reliability 0.663')
    expect(missed).toContain('report: reliability unknown')
  })

  it('calls a scenario whose reliability is missed by that, beside what it broke', () => {
    expect(terminal(report({ scenarios }), { ...plain, width: 140 })).toMatch(/✖ {2}support-desk {2}reliability missed/)
  })
})

describe('the curve', () => {
  const curve = measureReport().curve

  it('passes above and left of the corner of a budget that is met, and below it where it is missed', () => {
    const rowOf = (lines: readonly string[], mark: RegExp) => lines.findIndex((line) => mark.test(line))
    const met = drawing(measureReport(), { unicode: false })
    const missed = drawing(missedReliability, { unicode: false })
    const above = (lines: readonly string[]) => rowOf(lines, /\*/) < rowOf(lines, /X/)
    expect([above(met), above(missed)]).toEqual([true, false])
    expect(met[rowOf(met, /\*/)]?.indexOf('*')).toBeLessThan(met[rowOf(met, /X/)]?.indexOf('X') ?? 0)
  })

  it('is drawn without a gap, from where it begins to the right edge', () => {
    for (const measure of [measureReport(), missedReliability]) {
      const lines = drawing(measure, { unicode: false })
      const filled = Array.from({ length: 64 }, (_, column) =>
        lines.some((line) => line[column] === '*' || line[column] === 'X'),
      )
      expect(filled.slice(filled.indexOf(true)).every(Boolean)).toBe(true)
    }
  })

  it('is a line at the top where every trial succeeded for the same', () => {
    const points = [{ spend: 3, share: 1 }]
    const corner = { spend: 12, share: 0.95 }
    const flat = measureReport({ curve: { ...curve, unit: 'turns', points, band: 0.1, corner } })
    expect(drawing(flat, { unicode: false })[0]).toMatch(/^ +\*+$/)
  })

  it('is drawn from zero on where something was free, and where there is no limit', () => {
    const free = { ...curve, points: [{ spend: 0, share: 0.97 }], corner: { spend: null, share: 0.95 } }
    const text = terminal(report({ scenarios: [scenarioReport({ measure: measureReport({ curve: free }) })] }), plain)
    expect(text).toContain('no limit on spend')
    expect(text).not.toContain('◆')
    expect(text).not.toContain('NaN')
  })

  it('is left out where nothing succeeded', () => {
    const none = measureReport({ curve: { ...curve, points: [] } })
    expect(drawing(none)).toEqual([])
  })
})
