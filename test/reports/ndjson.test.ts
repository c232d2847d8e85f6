/** Proves that the stream holds what the report holds, a thing a line. */
import { describe, expect, it } from 'vitest'
import { ndjson } from '../../reports/index.js'
import { fullReport } from '../fixtures/cli/report.js'

const lines = ndjson(fullReport)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
const ofType = (type: string) => lines.filter((line) => line.type === type)

describe('a stream', () => {
  it('begins with the run and goes on scenario by scenario', () => {
    expect(lines[0]).toMatchObject({ type: 'run', verdict: 'violated', exitCode: 1, seed: 7 })
    expect(ofType('scenario').map(({ name }) => name)).toEqual(fullReport.scenarios.map(({ name }) => name))
  })

  it('holds every violation and every event of its trial, each with what it belongs to', () => {
    const violations = fullReport.scenarios.flatMap((scenario) =>
      scenario.violations.map((violation) => ({ scenario: scenario.name, ...violation })),
    )
    expect(ofType('violation')).toEqual(violations.map(({ events: _, ...rest }) => ({ type: 'violation', ...rest })))
    const events = violations.flatMap(({ scenario, invariant, signature, events }) =>
      events.map((event, index) => ({ type: 'event', scenario, invariant, signature, index, ...event })),
    )
    expect(ofType('event')).toEqual(JSON.parse(JSON.stringify(events)))
  })
})
