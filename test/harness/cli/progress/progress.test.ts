/** Proves what is told while a run is under way: rewritten on a terminal, plain elsewhere, a character each on request. */
import { describe, expect, it } from 'vitest'
import type { RunProgress } from '../../../../harness/campaign/index.js'
import type { Io } from '../../../../harness/cli/context.js'
import { type ProgressStyle, progressLine } from '../../../../harness/cli/progress/progress.js'
import { runWording } from '../../../../harness/cli/progress/run-progress.js'
import { invoke } from '../../../fixtures/cli/command-line.js'
import { failing, passing, report, undecided } from '../../../fixtures/cli/report.js'

const trials = (phase: 'search' | 'measure', done: number): RunProgress => ({
  kind: 'trials',
  name: passing.name,
  phase,
  done,
  planned: 100,
  violations: 0,
})
const finishedScenario = (scenario: typeof passing): RunProgress => ({
  kind: 'scenario-finished',
  name: scenario.name,
  report: scenario,
})

interface Moment {
  readonly at: number
  readonly progress: RunProgress
}

interface Setting {
  readonly isTTY?: boolean
  readonly style?: ProgressStyle
  readonly count?: number
  readonly columns?: number
}

function print(moments: readonly Moment[], { isTTY = false, style, count = 2, columns = 80 }: Setting = {}): string {
  let text = ''
  let now = 0
  const write = (more: string) => {
    text += more
  }
  const stderr = { isTTY, columns, write }
  const io = { stderr, env: {}, now: () => now } as unknown as Io
  const line = progressLine(io, runWording, { quiet: false, count, style })
  for (const { at, progress } of moments) {
    now = at
    line.onProgress(progress)
  }
  line.stop()
  return text
}

const some = [passing, failing, undecided].map((scenario, at): Moment => ({ at, progress: finishedScenario(scenario) }))

describe('progress', () => {
  it('is a plain line for each scenario that ended where a line cannot be rewritten, whatever was asked for', () => {
    const list = print(some, { isTTY: true, style: 'list' })
    expect(list).toBe(print(some, { style: 'line' }))
    expect(list).toBe(print(some))
    expect(list.split('\n').slice(0, -1)).toEqual([
      expect.stringMatching(/^refund-order: passed \(412 trials, 2\.3 s\)$/),
      expect.stringMatching(/^refund-naive: violated: /),
      expect.stringMatching(/^search-agent: inconclusive/),
    ])
  })

  it('is a character for each on request', () => {
    expect(print(some, { style: 'dot' })).toBe('.F?\n')
    const many = Array.from({ length: 61 }, (): Moment => ({ at: 0, progress: finishedScenario(passing) }))
    expect(print(many, { style: 'dot' })).toBe(`${'.'.repeat(60)}\n.\n`)
  })

  it('is one line on a terminal, rewritten at most ten times a second and cleared at the end', () => {
    const moments = [0, 50, 120].map((at): Moment => ({ at, progress: trials('search', at / 10) }))
    const lines = print(moments, { isTTY: true }).split('\r\u001b[2K')
    expect(lines).toEqual([
      '',
      '0 of 2 done; refund-order: 0 of 100 trials, 0 violations',
      '0 of 2 done; refund-order: 12 of 100 trials, 0 violations',
      '',
    ])
  })

  it('estimates what is left once enough is known, and fits the terminal', () => {
    const at = (ms: number, progress: RunProgress) =>
      print(
        [
          { at: 0, progress: trials('search', 0) },
          { at: ms, progress },
        ],
        { isTTY: true },
      )
        .split('\u001b[2K')
        .at(-2)
    expect(at(1_000, trials('search', 60))).not.toContain('left')
    expect(at(6_000, trials('search', 60))).toContain('0 of 2 done, about 34 s left; refund-order')
    expect(at(6_000, trials('measure', 50))).toContain('about 10 s left')
    expect(at(200_000, finishedScenario(passing))).toContain('1 of 2 done, about 3 min 20 s left')
    const [, line = ''] = print([{ at: 0, progress: trials('search', 0) }], { isTTY: true, columns: 30 }).split(
      '\r\u001b[2K',
    )
    expect(line.length).toBeLessThan(30)
  })
})

describe('--reporter', () => {
  const runCampaign = async ({ onProgress }: { onProgress(progress: RunProgress): void }) => {
    for (const { progress } of some) onProgress(progress)
    return report()
  }

  it('takes the way of telling progress along with the reports to write', async () => {
    const { code, stderr } = await invoke(['run', '--reporter', 'dot,junit=-'], { campaign: { runCampaign } })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\.F\?\n/)
  })

  it('has no file for progress', async () => {
    const { code, stderr } = await invoke(['run', '--reporter', 'dot=x'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agent-chaos: --reporter dot tells of progress on standard error, and writes no file\n',
    })
  })

  it('is refused for progress where nothing is run', async () => {
    const { code, stderr } = await invoke(['report', 'result.json', '--reporter', 'dot'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agent-chaos: --reporter dot is for the progress of a run, and nothing is run here\n',
    })
  })
})
