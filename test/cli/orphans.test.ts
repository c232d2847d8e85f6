/** Nothing of a run outlives it: neither its workers, however they spin, nor what they started, nor its temporary files. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'

const folder = (name: string) => mkdtempSync(join(tmpdir(), `agent-chaos-${name}-`))

/** Resolves when it is so. A test of what another process does can only look again; the runner bounds how long. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // One that nobody has collected yet has ended all the same.
  return !existsSync('/proc') || !/^State:\s+Z/m.test(statusOf(pid))
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return 'State:\tZ'
  }
}

interface Spinning {
  /** Of the command, of its worker and of what the agent started: in the worker's group, and in sessions of their own. */
  readonly pids: readonly number[]
  readonly temporary: string
}

/** Runs a scenario that spins, with a child and a file of its own, and does `once` as soon as it does. */
function whileItSpins(once: (command: number, spinning: Spinning) => void, ...args: string[]): Promise<Ended> {
  const notes = folder('notes')
  const temporary = folder('tmp')
  return agentChaos(['run', 'test/fixtures/orphans', '--trial-timeout', '600', ...args], {
    env: { TMPDIR: temporary, NOTES: notes },
    running: (command) => {
      const note = join(notes, 'spinning.json')
      void until(() => existsSync(note)).then(() => {
        const pids = JSON.parse(readFileSync(note, 'utf8')) as number[]
        once(command, { pids: [command, ...pids], temporary })
      })
    },
  })
}

const leftIn = (temporary: string) => readdirSync(temporary).filter((name) => name !== 'agent-chaos-compiled')

describe('a run that is killed', () => {
  it('takes its spinning workers, what they started and its temporary files with it', async () => {
    let seen: Spinning | undefined
    const ended = await whileItSpins((command, spinning) => {
      seen = spinning
      expect(spinning.pids.every(isRunning)).toBe(true)
      expect(leftIn(spinning.temporary)).toHaveLength(1)
      process.kill(command, 'SIGKILL')
    })
    expect(ended.code).toBe(null)
    await until(() => seen?.pids.some(isRunning) === false && leftIn(seen.temporary).length === 0)
  })
})

describe('a run that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s reports what there is, exits 130 and leaves nothing',
    async (signal) => {
      const file = join(folder('report'), 'report.json')
      let seen: Spinning | undefined
      const ended = await whileItSpins(
        (command, spinning) => {
          seen = spinning
          process.kill(command, signal)
        },
        '--json',
        file,
      )
      expect(ended.code, ended.stderr).toBe(130)
      expect(JSON.parse(readFileSync(file, 'utf8')) as Report).toMatchObject({ verdict: 'interrupted', exitCode: 130 })
      await until(() => seen?.pids.some(isRunning) === false)
      expect(seen && leftIn(seen.temporary)).toEqual([])
    },
  )

  it('by a terminal that goes away is not ended at once where that is told twice', async () => {
    const file = join(folder('report'), 'report.json')
    const ended = await whileItSpins(
      (command) => {
        process.kill(command, 'SIGHUP')
        process.kill(command, 'SIGHUP')
      },
      '--json',
      file,
    )
    expect([ended.code, existsSync(file)]).toEqual([130, true])
  })
})

describe('a trial that is killed', () => {
  it('leaves no temporary files and no children, and the run goes on', async () => {
    const [temporary, notes] = [folder('tmp'), folder('notes')]
    const ended = await agentChaos(['run', 'test/fixtures/orphans', '--trial-timeout', '0.5'], {
      env: { TMPDIR: temporary, NOTES: notes },
    })
    expect(ended.code, ended.stderr).toBe(1)
    expect(leftIn(temporary)).toEqual([])
    const pids = JSON.parse(readFileSync(join(notes, 'spinning.json'), 'utf8')) as number[]
    expect(pids).toHaveLength(4)
    await until(() => !pids.some(isRunning))
  })
})

describe('what a run left that ended with its whole machine', () => {
  it('is removed by a later one, and what may be in use is not', async () => {
    const temporary = folder('tmp')
    const nobody = 4_194_305
    const [old, young, alive] = [
      `agent-chaos-${nobody}-00aa`,
      `agent-chaos-${nobody}-00bb`,
      `agent-chaos-${process.pid}-00cc`,
    ]
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1_000)
    for (const name of [old, young, alive]) mkdirSync(join(temporary, name))
    for (const name of [old, alive]) utimesSync(join(temporary, name), twoDaysAgo, twoDaysAgo)
    await agentChaos(['list', 'test/fixtures/orphans/spins.chaos.ts'], { env: { TMPDIR: temporary } })
    expect(leftIn(temporary).sort()).toEqual([young, alive].sort())
  })
})
