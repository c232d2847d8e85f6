/** What happens to the machine amid a run is no verdict: the report is as it would have been, or what was missing is said with its exit code. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { main, root, shell } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const bounds = '--no-config --trials-max 2 --measure-trials 20 --workers 1 --quiet'
const violated = ''
const passing = '--only tool/unavailable'

interface Outcome {
  readonly code: number | null
  readonly said: string
  readonly report: Report | undefined
  /** Whether it was done at all. */
  readonly hasHappened: boolean
}

/** A run in which that happens which the preload does. */
async function runAmid(
  preload: string | undefined,
  options: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
  const [json, note] = [join(folder, 'report.json'), join(folder, 'note')]
  const files = `--json ${json} --failures ${join(folder, 'failures.json')}`
  const load = preload && { NODE_OPTIONS: `--require "${join(root, 'test/fixtures/deaths', preload)}"` }
  const command = `ulimit -n 120; "${process.execPath}" "${main}" run test/fixtures/deaths/pays.chaos.ts`
  const { code, stdout, stderr } = await shell(`${command} ${bounds} ${files} ${options}`, {
    env: { ...load, TAKEN: note, ...env },
  })
  const report = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Report) : undefined
  return { code, said: (stdout + stderr).replaceAll(/\s+/g, ' '), report, hasHappened: existsSync(note) }
}

const whole = new Map<string, Outcome>()

beforeAll(async () => {
  for (const options of [violated, passing]) whole.set(options, await runAmid(undefined, options))
})

it('what is run here passes or is violated where nothing happens to it', () => {
  expect([...whole.values()].map(({ code, hasHappened }) => [code, hasHappened])).toEqual([
    [1, false],
    [0, false],
  ])
})

describe.skipIf(process.platform === 'win32')('a command that has no descriptor left', () => {
  // From that write on, for good or up to another one. Later ones come when the run is over.
  const moments = [1, 3, 6, 9, 12].flatMap((at) => [
    { at, until: 'for good', TAKE_AT: String(at), GIVE_AT: '0' },
    { at, until: 'two writes', TAKE_AT: String(at), GIVE_AT: String(at + 2) },
  ])

  it.each([violated, passing])('says so, or comes to the same report: run %s', async (options) => {
    const same = stable(whole.get(options)?.report)
    const codes = new Set<number | null>()
    let happened = 0
    for (const { at, until, ...env } of moments) {
      const { code, said, report, hasHappened } = await runAmid('takes-descriptors.cjs', options, env)
      const where = `write ${at}, ${until}: ${said}`
      if (hasHappened) happened++
      codes.add(code)
      expect(said, where).not.toMatch(/ at \S+ \(|agent-chaos cannot be loaded/)
      expect([0, 1, 2], where).toContain(code)
      const isWhole = report !== undefined && report.failures.length === 0
      if (isWhole) expect(stable(report), where).toEqual(same)
      if (!isWhole) expect(said, where).toMatch(/\(EMFILE\): allow more open files \(ulimit -n\)/)
      // A report that is lost is no pass; a violation that was found counts all the same.
      if (!isWhole) expect(code, where).not.toBe(0)
      if (code === 2) expect(said, where).toContain('EMFILE')
    }
    expect(happened).toBeGreaterThan(5)
    expect(codes.size).toBeGreaterThan(1)
  })
})

it.each([violated, passing])(
  'a clock that is set forth and back changes no report, and no time that it tells of: run %s',
  async (options) => {
    const { code, report } = await runAmid('clock-jumps.cjs', options)
    const { code: expected, report: still } = whole.get(options) ?? {}
    expect([code, stable(report)]).toEqual([expected, stable(still)])
    const times = [
      report?.timing.wallMs,
      ...(report?.scenarios ?? []).flatMap(({ timing }) => [timing.wallMs, timing.trialMs]),
    ]
    for (const ms of times) {
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThan(3_600_000)
    }
  },
)
