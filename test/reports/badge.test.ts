/** Proves that a badge says what a run came to, and is green for nothing else than a run that passed. */
import { expect, it } from 'vitest'
import { badge } from '../../reports/index.js'
import { fullReport } from '../fixtures/cli/report.js'

const of = (verdict: typeof fullReport.verdict) => JSON.parse(badge({ ...fullReport, verdict })) as { color: string }

it('tells the verdict, and how many scenarios passed', () => {
  const { scenarios, passed } = fullReport.totals
  expect(of('violated')).toEqual({
    schemaVersion: 1,
    label: 'agent-chaos',
    message: `violated, ${passed} of ${scenarios} passed`,
    color: 'red',
    isError: true,
  })
  expect(of('passed')).toMatchObject({ message: `${passed} of ${scenarios} passed`, isError: false })
})

it('is green for a run that passed alone', () => {
  const verdicts = ['passed', 'violated', 'misconfigured', 'inconclusive', 'error', 'interrupted', 'pending'] as const
  expect(verdicts.filter((verdict) => of(verdict).color.endsWith('green'))).toEqual(['passed'])
})
