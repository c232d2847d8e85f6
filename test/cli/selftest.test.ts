/** `agent-chaos selftest` as a user runs it: on scenarios of one's own, on what ships, and where the harness sees nothing. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { agentChaos, type Ended, root, shell } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const fixtures = 'test/fixtures/selftest'

let ended: Ended
let report: SelftestReport

async function selftest(file: string, ...args: string[]): Promise<[Ended, SelftestReport]> {
  const path = join(folder, file)
  const ended = await agentChaos(['selftest', ...args, '--json', path])
  return [ended, JSON.parse(readFileSync(path, 'utf8')) as SelftestReport]
}

beforeAll(async () => {
  ;[ended, report] = await selftest('first.json', fixtures, '--trials', '60')
})

describe("a selftest of one's own scenarios", () => {
  it('is red where a bug was not found or a correct agent was accused', () => {
    expect([ended.code, report.exitCode, report.verdict]).toEqual([1, 1, 'failed'])
  })

  it('finds the bug, and leaves its repaired twin alone', () => {
    const bug = report.bugs.find(({ name }) => name === 'unkeyed')
    expect(bug).toMatchObject({
      mistake: 'it has no key',
      verdict: 'found',
      found: { faults: 1 },
      twin: { verdict: 'quiet', trials: 20, alarms: [], repaired: true },
    })
    expect(bug?.twin?.untested).not.toContain('effects-exactly-once')
  })

  it('lists a canary as not found whose mistake was repaired, and one whose oracle sees nothing', () => {
    const missed = report.bugs.filter(({ verdict }) => verdict === 'not-found')
    expect(missed.map(({ name, found, trials }) => [name, found, trials])).toEqual([
      ['blind', null, 500],
      ['fixed', null, 500],
    ])
    expect(ended.stdout).toMatch(/^✖ {2}fixed +not found/m)
  })

  it('accuses the oracle that cries wolf, with a command that shows the alarm again', async () => {
    const accused = report.agents.find(({ name }) => name === 'accused')
    expect(accused?.verdict).toBe('alarm')
    const [alarm] = accused?.alarms ?? []
    expect(alarm).toMatchObject({ invariant: 'effects-exactly-once', status: 'confirmed', faults: 1 })
    const replayed = await shell(alarm?.environment.command ?? '')
    expect([replayed.code, replayed.stdout.includes(alarm?.trial.digest ?? '?')]).toEqual([1, true])
  })

  it('leaves the agent alone that nothing is wrong with', () => {
    expect(report.agents.find(({ name }) => name === 'keyed')).toMatchObject({ verdict: 'quiet', trials: 20 })
  })

  it('prints commands that show a bug, and the same without it', async () => {
    const { command } = report.bugs.find(({ name }) => name === 'unkeyed')?.found?.environment ?? { command: '' }
    expect((await shell(command)).code).toBe(1)
    expect((await shell(command.replace(' --seed', ' --repaired --seed'))).code).toBe(0)
    const other = command.replace('unkeyed', 'fixed').replace(' --seed', ' --repaired --seed')
    expect(await shell(other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('scenario "fixed" does not say how it is repaired'),
    })
  })

  it('writes a report that its published schema describes', () => {
    const schema = JSON.parse(readFileSync(join(root, 'dist/selftest.schema.json'), 'utf8')) as object
    const validate = new Ajv2020({ strict: false }).compile(schema)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  })

  it('gives the same report twice, on one worker as on many, but for timing and environment', async () => {
    const [, second] = await selftest('second.json', fixtures, '--trials', '60', '--workers', '1')
    expect(stable(second)).toEqual(stable(report))
  })

  it('shares the trials out among all correct agents', async () => {
    const [, uneven] = await selftest('uneven.json', fixtures, '--trials', '7', '-t', 'ed', '--trials-max', '8')
    const agents = [...uneven.bugs.flatMap(({ twin }) => twin ?? []), ...uneven.agents]
    expect(agents.map(({ name, trials }) => [name, trials])).toEqual([
      ['unkeyed', 2],
      ['accused', 3],
      ['keyed', 2],
    ])
    expect(uneven.totals).toMatchObject({ agents: 3, trials: 7 })
  })

  it('begins nothing more after the first that goes wrong, where it is told to', async () => {
    const [, first] = await selftest('bail.json', fixtures, '--workers', '1', '--bail')
    expect([first.bugs.length, first.agents.length]).toEqual([1, 0])
  })

  it('tries no correct agent where no trials are allowed', async () => {
    const [, none] = await selftest('none.json', `${fixtures}/bugs`, '-t', 'unkeyed', '--trials', '0')
    expect(none).toMatchObject({ verdict: 'passed', bugs: [{ twin: null }], totals: { agents: 0, trials: 0 } })
  })

  it('is no pass where nothing was tested', async () => {
    expect((await agentChaos(['selftest', `${fixtures}/agents`, '--trials', '0'])).code).toBe(3)
  })

  it('tells of files that are no scenarios, and goes on', async () => {
    const [other, failed] = await selftest('failed.json', `${fixtures}/refund.ts`, `${fixtures}/bugs/unkeyed.chaos.ts`)
    expect([other.code, failed.bugs.length, failed.failures.length]).toEqual([2, 1, 1])
  })
})

describe('an interrupted selftest', () => {
  it('reports what there is and exits 130', async () => {
    const file = join(folder, 'interrupted.json')
    const args = ['selftest', 'test/fixtures/endless', '--trials', '10', '--trial-timeout', '60', '--json', file]
    const { code } = await agentChaos(args, {
      running: (pid, output) => {
        const look = setInterval(() => {
          if (!output().includes('quick')) return
          clearInterval(look)
          process.kill(pid, 'SIGINT')
        }, 50)
      },
    })
    const partial = JSON.parse(readFileSync(file, 'utf8')) as SelftestReport
    expect(code).toBe(130)
    expect(partial).toMatchObject({ verdict: 'interrupted', interrupted: true, exitCode: 130 })
    expect(partial.agents.map(({ name }) => name)).toContain('quick')
  })
})
