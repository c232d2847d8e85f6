/** Reliability as a user measures it: the exit code of a gate, and a violation that the sample met by chance. */
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended, shell } from '../support/cli/command.js'

let folder: string

async function measureFile(file: string, ...args: string[]): Promise<readonly [Ended, ScenarioReport]> {
  const path = join(folder, 'report.json')
  const ended = await agentChaos(['run', `test/fixtures/measured/${file}`, '--json', path, ...args])
  const [scenario] = (JSON.parse(readFileSync(path, 'utf8')) as Report).scenarios
  if (!scenario) throw new Error(ended.stderr)
  return [ended, scenario]
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-'))
})

describe('an agent that breaks nothing and is not reliable', () => {
  it('fails the run, and passes where only the search is asked for', async () => {
    const [ended, { verdict, violations, measure }] = await measureFile('gives-up.chaos.ts')
    expect([ended.code, verdict, violations, measure?.gate.verdict]).toEqual([1, 'violated', [], 'missed'])
    expect(measure?.outcomes.honestFailure).toBe((measure?.trials ?? 0) - (measure?.successes ?? 0))
    expect(ended.stdout).toContain('reliability missed')
    const [searched, alone] = await measureFile('gives-up.chaos.ts', '--no-measure')
    expect([searched.code, alone.verdict, alone.measure]).toEqual([0, 'passed', null])
  })

  it('is as reliable as its two calls are, each struck at the fault rate', async () => {
    const [, { measure }] = await measureFile('gives-up.chaos.ts', '--seed', '5', '--gate', 'fixed')
    const { interval, faultRate } = measure?.reliability ?? {}
    expect(measure?.trials).toBe(181)
    expect(interval?.low).toBeLessThan(0.7 ** 2)
    expect(interval?.high).toBeGreaterThan(0.7 ** 2)
    expect(faultRate?.effective).toBeCloseTo(0.3, 1)
  })

  it('is failed after a few trials, and by the same figures on one worker as on many', async () => {
    for (const gate of ['sequential', 'fixed']) {
      const [, one] = await measureFile('gives-up.chaos.ts', '--workers', '1', '--gate', gate)
      const [, many] = await measureFile('gives-up.chaos.ts', '--workers', '3', '--gate', gate)
      expect(one.measure).toEqual(many.measure)
      expect(one.measure?.gate).toMatchObject({ kind: gate, verdict: 'missed' })
      if (gate === 'sequential') expect(one.measure?.trials).toBeLessThan(20)
    }
  })

  it('loses what each fault rate costs it, in the same trials', async () => {
    const [ended, { measure }] = await measureFile('gives-up.chaos.ts', '--sweep', '0.5,0,0.1', '--sweep-trials', '100')
    const sweep = measure?.sweep ?? []
    expect(sweep.map(({ faultRate, trials }) => [faultRate.nominal, trials])).toEqual([
      [0, 100],
      [0.1, 100],
      [0.5, 100],
    ])
    expect(sweep[0]).toMatchObject({ successes: 100, against: null })
    for (const [index, { successes, against, interval }] of sweep.entries()) {
      const lower = sweep[index - 1]
      if (lower) expect(against).toMatchObject({ gained: 0, lost: lower.successes - successes })
      expect(interval.low).toBeLessThan((1 - (sweep[index]?.faultRate.nominal ?? 0)) ** 2)
    }
    expect(ended.stdout).toContain('reliability at other fault rates; trials lost and won since the rate before')
  })

  it('exits with 3 where the trials allowed cannot decide', async () => {
    const [ended, { measure }] = await measureFile('gives-up.chaos.ts', '--measure-trials', '50')
    expect([ended.code, measure?.gate.verdict, measure?.trials]).toEqual([3, 'refused', 0])
    expect(ended.stdout).toContain('110 trials')
  })
})

describe('several gates in one run', () => {
  it('share what may fail wrongly, and a gate that passes takes no more trials for it', async () => {
    const path = join(folder, 'several.json')
    const files = ['gives-up', 'spins'].map((name) => `test/fixtures/measured/${name}.chaos.ts`)
    await agentChaos(['run', ...files, '--json', path, '--trials-max', '1', '--trial-timeout', '1'])
    const { scenarios } = JSON.parse(readFileSync(path, 'utf8')) as Report
    const [, alone] = await measureFile('gives-up.chaos.ts', '--trials-max', '1')
    const shared = scenarios.find(({ name }) => name === 'gives-up')?.measure
    expect([alone.measure?.gate.alpha, shared?.gate.alpha]).toEqual([0.05, 0.025])
    expect(shared?.gate.verdict).toBe('missed')
    expect(shared?.trials).toBeGreaterThanOrEqual(alone.measure?.trials ?? 0)
  })
})

describe('an agent that hangs its process in a measured trial', () => {
  it('is told with the faults that it had met by then, and a command that shows it again', async () => {
    const [ended, { violations, measure }] = await measureFile(
      'spins.chaos.ts',
      '--trials-max',
      '1',
      '--trial-timeout',
      '1',
    )
    expect(ended.code).toBe(1)
    expect(measure?.outcomes.noAnswer).toBeGreaterThan(0)
    expect(violations.map(({ phase, status, trial }) => [phase, status, trial.plan])).toEqual([
      ['measure', 'confirmed', 'tool:pong#1 = tool/unavailable'],
    ])
    const replayed = await shell(`${violations[0]?.environment.command} --trial-timeout 1`)
    expect(replayed.code).toBe(1)
    expect(replayed.stdout).toContain('terminates: violated (killed:unresponsive)')
  })
})
