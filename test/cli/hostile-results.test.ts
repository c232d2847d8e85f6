/**
 * Results that somebody made to do harm: whatever is called so in them, `report` and `merge` write what was asked for, where it
 * was asked for, and nothing else.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { reporters } from '../../reports/index.js'
import { invoke } from '../fixtures/cli/command-line.js'
import { hostile } from '../fixtures/reports/attacks.js'
import { everything } from '../fixtures/reports/everything.js'
import { makeExecutor, shardsOf } from '../support/campaign/shards.js'
import { filesIn, names } from '../support/cli/names.js'

/** Deep enough for names that lead up to stay in it. */
const folder = 'a/b/c/d'
const outputs = reporters.map(({ name }) => `out/${name}`)
const chosen = reporters.flatMap(({ name }) => ['--reporter', `${name}=out/${name}`])
const nature = { salt: 7, violating: 0.4, inconclusive: 0, vacuous: 0, failing: 0, landing: 1, leaking: 0, killed: 0 }

/** What it wrote, from the folder above all others. */
async function filesAfter(args: readonly string[], results: Readonly<Record<string, unknown>>) {
  const files = Object.entries(results).map(([file, result]) => [join(folder, file), JSON.stringify(result)])
  let written: string[] = []
  const ended = await invoke(args, {
    files: [],
    contents: Object.fromEntries(files),
    folder,
    inspect: (cwd) => {
      const had = new Set(files.map(([file]) => file))
      written = filesIn(join(cwd, '../../../..')).filter((file) => !had.has(file))
    },
  })
  return { ...ended, written: written.sort() }
}

const below = (files: readonly string[]) => files.map((file) => join(folder, file)).sort()

/** Events as they were: what they may hold is closed, and anything else there is refused. */
function withEvents(report: Report, { scenarios: before }: Report): Report {
  const scenarios = report.scenarios.map((one, at) => ({
    ...one,
    violations: one.violations.map((violation, index) => ({
      ...violation,
      events: before[at]?.violations[index]?.events ?? [],
    })),
  }))
  return { ...report, scenarios }
}

describe.each(Object.entries(names))('a result in which everything %s', (_, name) => {
  it('has reports where they were asked for', async () => {
    const result = withEvents(hostile(everything, name), everything)
    const { code, stderr, written } = await filesAfter(['report', 'result.json', ...chosen], { 'result.json': result })
    expect(code, stderr).toBe(0)
    expect(written).toEqual(below(outputs))
  })

  it('is merged where that was asked for', async () => {
    const executors = () => [makeExecutor(name, nature)]
    const run = { seed: 1, trialsMax: 20, random: 0, measureTrials: 0, executors }
    const shards = (await shardsOf(run, 2)).map(({ file, report }) => [file, hostile(report, name)] as const)
    const merge = ['merge', ...shards.map(([file]) => file), '--json', 'merged.json', ...chosen]
    const { code, stderr, written } = await filesAfter(merge, Object.fromEntries(shards))
    expect(code, stderr).toBe(1)
    expect(written).toEqual(below([...outputs, 'merged.json']))
  })
})
