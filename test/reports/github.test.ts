/** Proves that a job of GitHub Actions marks what did not pass where it is declared, and obeys nobody else. */
import { describe, expect, it } from 'vitest'
import { github } from '../../reports/index.js'
import { failing, fullReport, passing, report, scenarioReport, violation } from '../fixtures/cli/report.js'

const annotate = (overrides: Parameters<typeof scenarioReport>[0]) =>
  github(report({ scenarios: [scenarioReport(overrides)] }))

describe('annotations', () => {
  it('are none where everything passed', () => {
    expect(github(report({ scenarios: [passing] }))).toBe('')
  })

  it('stand at the line of the scenario, with the story and the command that shows it again', () => {
    const invariants = [{ ...passing.invariants[0], verdict: 'violated' }] as typeof failing.invariants
    const violations = [violation({ story: 'Applied twice.', environment: { command: 'npx agent-chaos replay x' } })]
    const environment = { file: 'scenarios/refund.chaos.ts', line: 12 }
    expect(annotate({ ...failing, invariants, violations, environment })).toBe(
      '::error file=scenarios/refund.chaos.ts,line=12,title=refund-naive%3A effects-exactly-once::' +
        'Applied twice.%0AWhat to do: Send one idempotency key for each intent, and the same one with every attempt.' +
        '%0AReplay it with: npx agent-chaos replay x\n',
    )
  })

  it('warn of what cannot be told, and name the line of a file that cannot be run', () => {
    const lines = github(fullReport).trimEnd().split('\n')
    expect(lines).toContain(
      '::warning file=scenarios/refund.chaos.ts,title=search-agent%3A verdict::breaker-trips is listed and was never put to the test: no tool failed three times in a row',
    )
    expect(lines.at(-1)).toBe(
      '::error file=scenarios/empty.chaos.ts,line=3,title=scenarios/empty.chaos.ts could not be run::goal: expected a function, got undefined',
    )
  })

  it('are one line each, whatever an agent wrote', () => {
    const hostile = 'x\r\n::stop-commands::y\n##[add-mask]z, a=b: %0A\u001b[31m'
    const text = annotate({ name: hostile, verdict: 'violated', because: hostile })
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(
      /^::error file=scenarios\/refund\.chaos\.ts,title=[^:]*::x%0A: :stop-commands::y%0A# #\[add-mask\]z/,
    )
    expect(text).not.toContain('\u001b')
  })
})
