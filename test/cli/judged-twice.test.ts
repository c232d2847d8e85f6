/** A verdict does not hang on what an agent does to the language that its process shares with the oracles. */
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'

let ended: Ended
let report: Report

async function run(...args: readonly string[]): Promise<{ readonly ended: Ended; readonly report: Report }> {
  const file = join(await mkdtemp(join(tmpdir(), 'agent-chaos-')), 'report.json')
  const ended = await agentChaos(['run', ...args, '--json', file])
  return { ended, report: JSON.parse(readFileSync(file, 'utf8')) as Report }
}

beforeAll(async () => {
  ;({ ended, report } = await run('test/fixtures/blinding'))
})

function scenario(name: string): ScenarioReport {
  const found = report.scenarios.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`${name} is not in the report: ${ended.stderr}`)
  return found
}

describe('an agent that changes the language for good', () => {
  it.each([
    ['some', 'effects-exactly-once', 'vacuous', 'Array.prototype.some'],
    ['stringify', 'effects-exactly-once', 'held', 'JSON.stringify'],
    ['map', 'effects-exactly-once', 'held', 'Map'],
    ['find', 'no-unhandled-rejection', 'held', 'Array.prototype.find'],
  ])('by its %s hides no violation from %s', (name, invariant, said, changed) => {
    const { verdict, violations, environment, notes } = scenario(name)
    expect(verdict).toBe('violated')
    const violation = violations.find((one) => one.invariant === invariant)
    expect(violation).toMatchObject({ status: 'confirmed', faults: 1 })
    expect(violation?.story).toContain(`judged the same trace as ${said}: the agent changed ${changed}`)
    expect(environment.judgedTwice?.differences).toMatchObject([{ invariant, said, counted: 'violated' }])
    expect(environment.judgedTwice?.differences[0]?.changed).toContain(changed)
    expect(notes.join('\n')).toMatch(new RegExp(`${invariant}: under ".+", it was ${said} where the agent ran`))
  })

  it('is told of on the terminal with both verdicts, and the run fails', () => {
    expect(ended.code).toBe(1)
    const text = ended.stdout.replace(/\s+/g, ' ')
    expect(text).toContain(
      'map: effects-exactly-once: under "tool:pay#1 = tool/reply-lost", it was held where the agent ran, and violated ' +
        '(duplicated:payment) by the same trace where it never did; violated counts. The agent changed Map',
    )
  })

  it('is told of by a replay as well', async () => {
    const { stdout, code } = await agentChaos([
      'replay',
      'test/fixtures/blinding/map.chaos.ts',
      ...['--plan', 'tool:pay#1 = tool/reply-lost', '--seed', '1'],
    ])
    expect(code).toBe(1)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/it was held where the agent ran, and violated \(duplicated:payment\)/)
  })
})

describe('an invariant of the user’s own', () => {
  it('that goes by a variable is neither held nor violated, for nobody can tell', () => {
    const { verdict, because, violations } = scenario('own')
    expect({ verdict, violations }).toEqual({ verdict: 'inconclusive', violations: [] })
    expect(because).toMatch(/^goes-by-a-variable: judged as held where the agent ran, and as violated .*goes by more/)
  })

  it('that goes by a state which cannot travel is named as judged once only', () => {
    expect(scenario('own').environment.judgedTwice?.leftOut).toEqual(['goes-by-the-state'])
    expect(scenario('own').notes).toContain(
      'judged once only, for they go by a state that is no plain data: goes-by-the-state',
    )
  })
})

it('agrees on every invariant with agents that change nothing, and judges passes and violations', async () => {
  const honest = await run('scenarios/refund.chaos.ts', 'scenarios/canaries/n*.chaos.ts', 'test/fixtures/custom')
  expect(honest.report.scenarios.length).toBeGreaterThan(5)
  for (const { name, environment } of honest.report.scenarios) {
    expect({ name, ...environment.judgedTwice }).toMatchObject({ name, unanswered: 0, leftOut: [], differences: [] })
    expect(environment.judgedTwice?.trials).toBeGreaterThan(0)
  }
})
