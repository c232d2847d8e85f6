/** `agent-chaos selftest`: what it takes for its catalogue, what it hands on, what it prints and writes. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SelftestRunOptions } from '../../../../harness/selftest/index.js'
import { invoke, type Setting } from '../../../fixtures/cli/command-line.js'
import { agentReport, bugReport, selftestReport } from '../../../fixtures/cli/selftest-report.js'

async function optionsFor(args: string, setting: Setting = {}): Promise<SelftestRunOptions | undefined> {
  let seen: SelftestRunOptions | undefined
  const runSelftest = async (options: SelftestRunOptions) => {
    seen = options
    return selftestReport()
  }
  await invoke(args.split(' '), { ...setting, selftest: { ...setting.selftest, runSelftest } })
  return seen
}

describe('agent-chaos selftest', () => {
  it('takes the catalogue that ships, with documented defaults', async () => {
    expect(await optionsFor('selftest')).toMatchObject({
      files: ['/shipped/scenarios/canaries/no-key.chaos.ts'],
      seed: 1,
      workers: 4,
      trials: 2000,
      trialsMax: 500,
      trialTimeout: 10,
      memoryMax: 1024,
      bail: false,
    })
  })

  it('hands every option on', async () => {
    const args =
      'selftest --seed 7 --workers 2 --trials 0 --trials-max 10 --trial-timeout 1.5 --memory-max 256 -t key --bail'
    expect(await optionsFor(args)).toMatchObject({
      seed: 7,
      workers: 2,
      trials: 0,
      trialsMax: 10,
      trialTimeout: 1.5,
      memoryMax: 256,
      grep: 'key',
      bail: true,
    })
  })

  it('takes all of a folder that ships, by what the catalogue says of it', async () => {
    const shippedIn = (path: string) => (path.endsWith('mine') ? [join(path, 'a.ts'), join(path, 'b.ts')] : undefined)
    const options = await optionsFor('selftest mine', { files: ['mine/a.ts', 'mine/b.ts'], selftest: { shippedIn } })
    expect(options?.files.map((file) => basename(file))).toEqual(['a.ts', 'b.ts'])
  })

  it("takes the user's own scenarios where they are named, and needs no package for them", async () => {
    const setting: Setting = {
      files: ['mine/a.chaos.ts', 'mine/b.chaos.ts'],
      selftest: { missingPackages: () => ['cockatiel@^3.2.1'] },
    }
    const options = await optionsFor('selftest mine', setting)
    expect(options?.files).toEqual(['a', 'b'].map((name) => join(options?.cwd ?? '', `mine/${name}.chaos.ts`)))
  })

  it('names the packages that its agents need, and the one command that installs them, before it runs anything', async () => {
    const missing = ['@anthropic-ai/sdk@^1.12.0', 'cockatiel@^3.2.1']
    expect(await invoke(['selftest'], { selftest: { missingPackages: () => missing } })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'agent-chaos: the agents of the selftest need packages, or versions of them, that are not installed: ' +
        "npm install --save-dev '@anthropic-ai/sdk@^1.12.0' 'cockatiel@^3.2.1'\n",
    })
  })

  it('says where there is nothing to test', async () => {
    expect((await invoke(['selftest', '.'], { files: [] })).stderr).toBe(
      'agent-chaos: no scenarios found: nothing in . matches **/*.chaos.?(c|m)[jt]s?(x)\n',
    )
    const empty = selftestReport({ bugs: [], agents: [], verdict: 'inconclusive', exitCode: 3 })
    const none = await invoke(['selftest', '-t', 'xyz'], { selftest: { runSelftest: async () => empty } })
    expect([none.code, none.stderr]).toEqual([
      2,
      'agent-chaos: no scenario\'s name contains "xyz", which --grep asks for\n',
    ])
  })

  it.each([0, 1, 2, 3, 70, 130] as const)('exits with the code of the report: %i', async (exitCode) => {
    const runSelftest = async () => selftestReport({ exitCode })
    expect((await invoke(['selftest'], { selftest: { runSelftest } })).code).toBe(exitCode)
  })

  it('prints the report to standard output and progress to standard error', async () => {
    const runSelftest = async ({ onProgress }: SelftestRunOptions) => {
      onProgress({ kind: 'trials', name: 'no-key', phase: 'search', done: 8, planned: 500 })
      onProgress({ kind: 'bug-finished', report: bugReport() })
      onProgress({ kind: 'agent-finished', report: agentReport({ name: 'no-key', repaired: true }) })
      onProgress({ kind: 'file-failed', file: 'x.chaos.ts', message: 'm' })
      return selftestReport()
    }
    const { stdout, stderr } = await invoke(['selftest'], { selftest: { runSelftest } })
    expect(stdout).toContain('1 of 1 planted bug found')
    expect(stderr).toBe(
      'no-key: found (16 trials)\nno-key, repaired: quiet (40 trials)\nx.chaos.ts: could not be run\n',
    )
    expect((await invoke(['selftest', '--quiet'], { selftest: { runSelftest } })).stderr).toBe('')
  })

  it('rewrites one line on a terminal', async () => {
    const runSelftest = async ({ onProgress }: SelftestRunOptions) => {
      for (const phase of ['search', 'shrink', 'recheck', 'sample'] as const) {
        for (const done of [1, 2, 3]) onProgress({ kind: 'trials', name: 'no-key', phase, done, planned: 500 })
      }
      onProgress({ kind: 'bug-finished', report: bugReport() })
      return selftestReport()
    }
    const { stderr } = await invoke(['selftest'], { isTTY: true, selftest: { runSelftest } })
    expect(stderr).toContain('0 done; no-key: looking for the bug, 1 of 500 trials')
    expect(stderr).toContain('0 done; no-key: shrinking what was found')
    expect(stderr).toContain('0 done; no-key: running it again')
    expect(stderr).toContain('0 done; no-key: trying it, ')
    expect(stderr).toContain('1 done; no-key: found (16 trials)')
  })

  it('writes the report as JSON, to a file or for a program', async () => {
    let written = ''
    await invoke(['selftest', '--json', 'out.json'], {
      inspect: (cwd) => {
        written = readFileSync(join(cwd, 'out.json'), 'utf8')
      },
    })
    expect(JSON.parse(written)).toEqual(selftestReport())
    const { stdout, stderr } = await invoke(['selftest', '--json', '-'])
    expect(JSON.parse(stdout)).toEqual(selftestReport())
    expect(stderr).toContain('1 of 1 planted bug found')
  })

  it('passes Ctrl-C on as the wish to end', async () => {
    let press = () => {}
    const runSelftest = async ({ signal }: SelftestRunOptions) => {
      press()
      return selftestReport({ interrupted: signal.aborted, verdict: 'interrupted', exitCode: 130 })
    }
    const setting: Setting = {
      selftest: { runSelftest },
      onListening: (pressCtrlC) => {
        press = pressCtrlC
      },
    }
    expect((await invoke(['selftest'], setting)).code).toBe(130)
  })
})
