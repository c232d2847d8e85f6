/**
 * The verdict on a scenario that was searched and measured. It is a pure function of what its report says. So it can be
 * drawn again where the gate's verdict changes, as it may when a run's gates are looked at together.
 */
import type { MeasureReport, ScenarioReport, ViolationReport } from '../contracts/report/report.js'

export type Conclusion = Pick<ScenarioReport, 'verdict' | 'because'>

/** What is wrong outweighs what is not known, and both outweigh what is well. */
export function conclude(
  searched: Conclusion,
  { gate }: MeasureReport,
  violations: readonly ViolationReport[],
): Conclusion {
  const met = violations.filter(({ phase, known }) => phase === 'measure' && !known)
  const names = met.filter(({ status }) => status !== 'flaky').map(({ invariant }) => invariant)
  const wrong = [
    ...(searched.verdict === 'violated' ? [searched.because] : []),
    ...(names.length > 0 ? [`violated while measuring: ${[...new Set(names)].join(', ')}`] : []),
    ...(gate.verdict === 'missed' ? [`reliability missed: ${gate.because}`] : []),
  ]
  if (wrong.length > 0) return { verdict: 'violated', because: wrong.join('; ') }
  if (searched.verdict !== 'passed') return searched
  if (met.length > 0) {
    const because = 'a violation was seen once while measuring and not again under the same plan and seed'
    return { verdict: 'inconclusive', because }
  }
  switch (gate.verdict) {
    case 'met':
      return { verdict: 'passed', because: `${searched.because}; ${gate.because}` }
    case 'refused':
      return { verdict: 'inconclusive', because: `reliability was not measured: ${gate.because} (--measure-trials)` }
    case 'not-shown':
      return { verdict: 'inconclusive', because: `reliability not shown: ${gate.because}` }
    case 'missed':
    case 'inconclusive':
    case 'pending':
      return { verdict: 'inconclusive', because: `reliability: ${gate.because}` }
  }
}
