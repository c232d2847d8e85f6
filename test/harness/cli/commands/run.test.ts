/** `agent-chaos run`: what it hands to the campaign, what it prints and writes, and its exit codes. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CampaignOptions } from '../../../../harness/campaign/index.js'
import { invoke } from '../../../fixtures/cli/command-line.js'
import { failing, fullReport, report, scenarioReport } from '../../../fixtures/cli/report.js'

const escapeCharacter = String.fromCharCode(27)
const violated = report({ scenarios: [failing], verdict: 'violated', exitCode: 1 })

async function optionsFor(args: readonly string[]): Promise<CampaignOptions | undefined> {
  let seen: CampaignOptions | undefined
  await invoke(args, {
    campaign: {
      runCampaign: async (options) => {
        seen = options
        return report()
      },
    },
  })
  return seen
}

describe('agent-chaos run', () => {
  it('uses documented defaults, and the same seed every time', async () => {
    expect(await optionsFor(['run'])).toMatchObject({
      seed: 1,
      workers: 4,
      trialsMax: 300,
      random: 0,
      measure: true,
      measureTrials: 2000,
      sweep: [],
      sweepTrials: 200,
      trialTimeout: 10,
      memoryMax: 1024,
      bail: false,
    })
  })

  it('hands every option on', async () => {
    const args =
      'run --seed 7 --workers 2 --trials-max 10 --trial-timeout 1.5 --memory-max 256 -t refund --bail --measure-trials 300 --gate fixed --sweep 0,.05,0.2 --sweep-trials 50'

    expect(await optionsFor(args.split(' '))).toMatchObject({
      seed: 7,
      workers: 2,
      trialsMax: 10,
      measureTrials: 300,
      gate: 'fixed',
      sweep: [0, 0.05, 0.2],
      sweepTrials: 50,
      trialTimeout: 1.5,
      memoryMax: 256,
      grep: 'refund',
      bail: true,
    })
  })

  it('measures no reliability where it is told to search only', async () => {
    expect(await optionsFor(['run', '--no-measure'])).toMatchObject({ measure: false })
  })

  it.each([0, 1, 2, 3, 70, 130] as const)('exits with the code of the report: %i', async (exitCode) => {
    const { code } = await invoke(['run'], { campaign: { runCampaign: async () => report({ exitCode }) } })

    expect(code).toBe(exitCode)
  })

  it('prints the report to standard output and progress to standard error', async () => {
    const { stdout, stderr } = await invoke(['run'], {
      campaign: {
        runCampaign: async ({ onProgress }) => {
          onProgress({ kind: 'scenario-started', file: '/x', name: 'refund-order' })
          onProgress({ kind: 'trials', name: 'refund-order', done: 5, planned: 10, violations: 0, phase: 'search' })
          onProgress({ kind: 'scenario-finished', name: 'refund-order', report: scenarioReport() })
          return report()
        },
      },
    })

    expect(stdout).toContain('✔ passed · 1 of 1 scenario passed')
    expect(stderr).toBe('refund-order: passed (412 trials, 2.3 s)\n')
  })

  it('prints no control sequence into a pipe, and rewrites one line on a terminal', async () => {
    const runCampaign = async ({ onProgress }: CampaignOptions) => {
      onProgress({ kind: 'scenario-started', file: '/x', name: 'refund-order' })
      onProgress({ kind: 'scenario-finished', name: 'refund-order', report: scenarioReport() })
      return report()
    }
    const piped = await invoke(['run'], { campaign: { runCampaign } })
    const shown = await invoke(['run'], { campaign: { runCampaign }, isTTY: true })

    expect(piped.stdout + piped.stderr).not.toContain(escapeCharacter)
    expect(shown.stderr.split('\r').length).toBeGreaterThan(2)
    expect(shown.stderr).not.toContain('\n')
    expect(shown.stderr.endsWith(`\r${escapeCharacter}[2K`)).toBe(true)
  })

  it('colours by NO_COLOR, FORCE_COLOR and the terminal, and by an option before them all', async () => {
    const isColored = async (args: string[], isTTY: boolean, env: Record<string, string>) =>
      (await invoke(['run', ...args], { isTTY, env })).stdout.includes(escapeCharacter)

    expect(await isColored([], true, {})).toBe(true)
    expect(await isColored([], false, {})).toBe(false)
    expect(await isColored([], true, { NO_COLOR: '1' })).toBe(false)
    expect(await isColored([], false, { FORCE_COLOR: '1' })).toBe(true)
    expect(await isColored(['--no-color'], true, { FORCE_COLOR: '1' })).toBe(false)
    expect(await isColored(['--color'], false, { NO_COLOR: '1' })).toBe(true)
  })

  it('writes the report as JSON', async () => {
    await invoke(['run', '--json', 'report.json'], {
      campaign: { runCampaign: async () => fullReport },
      inspect: (cwd) => expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).toEqual(fullReport),
    })
  })

  it('writes JSON alone to standard output for --json -, and the report for people to standard error', async () => {
    const { stdout, stderr, code } = await invoke(['run', '--json', '-'], {
      campaign: { runCampaign: async () => violated },
    })

    expect(JSON.parse(stdout)).toEqual(violated)
    expect(stderr).toContain('refund-naive broke effects-exactly-once')
    expect(code).toBe(1)
  })

  it('makes the folder that a report goes to', async () => {
    const { code } = await invoke(['run', '--json', 'out/of/here/report.json'], {
      inspect: (cwd) => expect(existsSync(join(cwd, 'out/of/here/report.json'))).toBe(true),
    })

    expect(code).toBe(0)
  })

  it.each([
    ['scenarios/refund.chaos.ts/report.json', /(EEXIST|ENOTDIR)/],
    ['scenarios', /scenarios is a folder/],
    ['', /takes the name of a file/],
  ])('refuses to write to %j before anything is run', async (file, message) => {
    let hasRun = false
    const runCampaign = async () => {
      hasRun = true
      return report()
    }
    const { code, stderr } = await invoke(['run', '--json', file], { campaign: { runCampaign } })

    expect({ code, hasRun }).toEqual({ code: 2, hasRun: false })
    expect(stderr).toMatch(/^agent-chaos: --json/)
    expect(stderr).toMatch(message)
  })

  it('still exits with 1 where violations were found and the report cannot be written in the end', async () => {
    const { code, stderr } = await invoke(['run', '--json', 'report.json'], {
      campaign: {
        runCampaign: async ({ cwd }) => {
          mkdirSync(join(cwd, 'report.json'))
          return violated
        },
      },
    })

    expect(code).toBe(1)
    expect(stderr).toContain('--json report.json cannot be written')
  })

  it('leaves no empty file behind where the run fails', async () => {
    await invoke(['run', '--json', 'report.json'], {
      campaign: { runCampaign: () => Promise.reject(new Error('no')) },
      inspect: (cwd) => expect(existsSync(join(cwd, 'report.json'))).toBe(false),
    })
  })

  it('calls whatever is not a mistake of the user a bug of its own, with the stack', async () => {
    const { code, stderr } = await invoke(['run'], {
      campaign: { runCampaign: () => Promise.reject(new TypeError('undefined is not a function')) },
    })

    expect(code).toBe(70)
    expect(stderr).toContain('a bug of agent-chaos, not of your agent')
    expect(stderr).toContain('agent-chaos 1.2.3')
    expect(stderr).toMatch(/TypeError: undefined is not a function\n\s+at /)
  })

  it('prints a mistake of the user in one line without a stack', async () => {
    const { UserError } = await import('../../../../harness/contracts/errors.js')
    const { code, stderr } = await invoke(['run'], {
      campaign: { runCampaign: () => Promise.reject(new UserError('two scenarios are called "a"', 'b.chaos.ts:1:1')) },
    })

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agent-chaos: b.chaos.ts:1:1: two scenarios are called "a"\n',
    })
  })

  it('asks the campaign to end at the first Ctrl-C and reports what it has; the second one kills', async () => {
    const killed: number[] = []
    let press = () => {}
    const { code, stdout, stderr } = await invoke(['run'], {
      onListening: (pressCtrlC) => {
        press = pressCtrlC
      },
      onKill: (exitCode) => killed.push(exitCode),
      campaign: {
        runCampaign: async ({ signal }) => {
          press()
          expect(signal.aborted).toBe(true)
          expect(killed).toEqual([])
          press()
          return report({ verdict: 'interrupted', exitCode: 130 })
        },
      },
    })

    expect(killed).toEqual([130])
    expect(code).toBe(130)
    expect(stderr).toContain('once more ends it at once')
    expect(stdout).toContain('? interrupted')
  })

  it('takes a run in which --grep matched nothing for a mistake, unless it may happen', async () => {
    const campaign = { runCampaign: async () => report({ scenarios: [], verdict: 'inconclusive', exitCode: 3 }) }
    const refused = await invoke(['run', '-t', 'nothing'], { campaign })
    const allowed = await invoke(['run', '-t', 'nothing', '--pass-with-no-scenarios'], { campaign })

    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('no scenario\'s name contains "nothing"')
    expect(allowed.code).toBe(0)
  })
})
