/**
 * Proves that a run by default options tells right from wrong with agents that nobody tuned to: written from the docs alone, one
 * on OpenAI's SDK, one with a second vendor to fall back on, each correct and with mistakes that are made in production.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos } from '../support/cli/command.js'

let report: Report
beforeAll(async () => {
  const { stdout } = await agentChaos(['run', 'test/fixtures/strangers', '--no-measure', '--quiet', '--json', '-'])
  report = JSON.parse(stdout) as Report
})

const scenarioNamed = (name: string) => report.scenarios.find((scenario) => scenario.name === name)

describe('an agent that somebody else wrote', () => {
  it.each(['booking', 'support'])('is left alone where it is correct: %s', (name) => {
    expect(scenarioNamed(name)).toMatchObject({ verdict: 'passed', violations: [] })
  })

  it.each([
    'sdk-retries-too',
    'quota-for-ever',
    'refusal-swallowed',
    'restarts-after-fallback',
    'thinking-to-openai',
    'fallback-for-ever',
    'foreign-thinking',
  ])('is found out where it is wrong, within what is tried by default: %s', (name) => {
    expect(scenarioNamed(name)).toMatchObject({ verdict: 'passed', because: expect.stringContaining('caught') })
  })
})

it('was tried by a run of them all and of nothing else', () => {
  expect(report).toMatchObject({ verdict: 'passed', totals: { scenarios: 9, passed: 9 } })
})
