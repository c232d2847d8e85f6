/** `agent-chaos run` on the scenarios that ship, as a user runs it. */
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended, root, shell } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

let folder: string
let first: Ended
let report: Report

async function runTo(file: string, ...args: string[]): Promise<Ended> {
  return agentChaos(['run', 'scenarios/', '--seed', '1', '--json', join(folder, file), ...args])
}

function read(file: string): Report {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-'))
  first = await runTo('first.json')
  report = read('first.json')
})

describe('a run of the scenarios that ship', () => {
  it('passes, with every canary caught by the invariant that it names', () => {
    expect(first.code, first.stdout + first.stderr).toBe(0)
    expect(report.verdict).toBe('passed')
    const canaries = report.scenarios.filter(({ canary }) => canary !== null)
    expect(canaries.length).toBeGreaterThanOrEqual(20)
    for (const { name, canary, because } of canaries) expect([name, because]).toEqual([name, `caught: ${canary}`])
  })

  it('shrinks what each canary is caught by to at most two faults', () => {
    for (const { canary, violations } of report.scenarios) {
      for (const { invariant, faults } of violations) if (invariant === canary) expect(faults).toBeLessThanOrEqual(2)
    }
  })

  it('finds nothing against the resilient agent, and puts everything that it lists to the test', () => {
    const refund = report.scenarios.find(({ name }) => name === 'refund-order')
    expect(refund?.violations).toEqual([])
    for (const { name, verdict } of refund?.invariants ?? []) expect([name, verdict]).toEqual([name, 'held'])
  })

  it('writes a report that its published schema describes', () => {
    const schema = JSON.parse(readFileSync(join(root, 'dist/report.schema.json'), 'utf8')) as object
    const validate = new Ajv2020({ strict: false }).compile(schema)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  })

  it('gives the same report twice, on one worker as on many, but for timing and environment', async () => {
    // Every third: all of them are run by the first.
    const some = report.scenarios.filter(
      ({ name, canary }, index) => name === 'refund-order' || (canary !== null && index % 3 === 0),
    )
    const files = some.map(({ environment }) => environment.file)
    await agentChaos(['run', ...files, '--workers', '1', '--json', join(folder, 'second.json')])
    const again = read('second.json').scenarios
    expect(again.length).toBeGreaterThan(8)
    expect(stable(again)).toEqual(stable(some))
  })

  it('prints commands that show the same violation and the same digest in a fresh process', async () => {
    const violations = report.scenarios.flatMap((scenario) => scenario.violations)
    expect(violations.length).toBeGreaterThan(5)
    // Every third: by night a thousand are.
    const left = violations.filter((_, index) => index % 3 === 0)
    const replayAll = async (): Promise<void> => {
      for (let violation = left.pop(); violation; violation = left.pop()) {
        const { environment, invariant, signature, trial } = violation
        const replayed = await shell(environment.command)
        expect(replayed.code, replayed.stderr).toBe(1)
        expect(replayed.stdout).toContain(trial.digest)
        expect(replayed.stdout).toContain(`${invariant}: violated (${signature})`)
      }
    }
    await Promise.all([replayAll(), replayAll()])
  })

  it('prints neither colours nor control sequences into a pipe', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(first.stdout + first.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
  })
})

describe('an interrupted run', () => {
  it('reports what there is and exits 130', async () => {
    const file = join(folder, 'interrupted.json')
    const ended = await agentChaos(['run', 'test/fixtures/endless', '--trial-timeout', '60', '--json', file], {
      running: (pid, output) => {
        const look = setInterval(() => {
          if (!output().includes('quick')) return
          clearInterval(look)
          process.kill(pid, 'SIGINT')
        }, 50)
      },
    })
    const partial = JSON.parse(readFileSync(file, 'utf8')) as Report
    expect(ended.code).toBe(130)
    expect(partial).toMatchObject({ verdict: 'interrupted', interrupted: true, exitCode: 130 })
    expect(partial.scenarios.map(({ name }) => name)).toContain('quick')
  })
})
