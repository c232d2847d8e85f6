/**
 * Whatever stands in the reports of shards, a merge adds them up or refuses them, and is no bug of ours (70). What one shard has found
 * is found in the sum, whatever stands in another. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeReports } from '../../harness/campaign/merge.js'
import { type ReportFile, readReport } from '../../harness/campaign/read-report.js'
import { isUserError } from '../../harness/contracts/errors.js'
import { type Report, reportSchema } from '../../harness/contracts/report/report.js'
import { makeExecutor, type Nature, shardsOf, version } from '../support/campaign/shards.js'
import { fuzzing, mutate, oddJson } from '../support/laws/odd.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-merge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nature: Nature = {
  salt: 7,
  violating: 0.4,
  inconclusive: 0.02,
  vacuous: 0.1,
  failing: 0.02,
  landing: 0.9,
  leaking: 0,
  killed: 0.02,
}
let shards: readonly ReportFile[]
beforeAll(async () => {
  const executors = () => [
    makeExecutor('one', nature),
    makeExecutor('canary', { ...nature, salt: 8 }, { canary: 'listed', budget: {} }),
    makeExecutor('sound', { ...nature, violating: 0, inconclusive: 0, failing: 0, killed: 0 }),
  ]
  const run = { seed: 3, trialsMax: 12, random: 4, measureTrials: 10, sweep: [0.2], executors }
  shards = await shardsOf(run, 3)
})

/** As the command does with files, of which those that are sound were read before; `undefined` where one is refused. */
function mergeOf(parts: readonly (ReportFile | string)[]): Report | undefined {
  try {
    const files = parts.map((part, index) => {
      if (typeof part !== 'string') return part
      const file = join(folder, `${index + 1}.json`)
      writeFileSync(file, part)
      return readReport(file)
    })
    return reportSchema.parse(JSON.parse(JSON.stringify(mergeReports(files, version))))
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).not.toBe('')
    return undefined
  }
}

const textOf = ({ report }: ReportFile) => JSON.stringify(report)
const textWith = (changes: readonly Change[], { report }: ReportFile) =>
  JSON.stringify(changes.reduce<unknown>((all, [path, value]) => mutate(all, path, value), report))
type Change = readonly [path: readonly number[], value: unknown]
const which = fc.nat(2)
/** Deep, for what is added up stands deep. */
const inside = fc.array(fc.nat(200), { minLength: 1, maxLength: 12 })
const nearby = fc.oneof(fc.constantFrom(-1, 0, 1, 2, 1e9, 2 ** 53, 0.5, true, false, null, '', 'one', '#'), oddJson)

describe('a merge', () => {
  it('of what is sound has found what its shards have: what is tried below is odd, and nothing else', () => {
    const merged = mergeOf(shards.map(textOf))
    expect(merged?.exitCode).toBe(1)
    expect(shards.map(({ report }) => report.scenarios[0]?.verdict)).toEqual(['violated', 'violated', 'violated'])
  })

  it('of shards in one of which anything is anything else is refused, or tells what the others have found', () => {
    let added = 0
    fc.assert(
      fc.property(which, fc.array(fc.tuple(inside, nearby), { minLength: 1, maxLength: 3 }), (odd, changes) => {
        const parts = shards.map((shard, index) => (index === odd ? textWith(changes, shard) : shard))
        const merged = mergeOf(parts)
        if (!merged) return
        added++
        expect(merged.scenarios.find(({ name }) => name === 'one')?.verdict).toBe('violated')
        expect(merged.exitCode).not.toBe(0)
      }),
      fuzzing(300),
    )
    // Were all refused, nothing would be shown of those that are not.
    expect(added).toBeGreaterThan(0)
  })

  it('of shards in all of which the same is another is refused or added up', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.array(fc.tuple(inside, nearby), { minLength: 1, maxLength: 3 }), (last, changes) => {
        mergeOf(shards.slice(0, last + 1).map((shard) => textWith(changes, shard)))
      }),
      fuzzing(300),
    )
  })

  it('of shards that are left out, are there twice or are of another run is refused', () => {
    fc.assert(
      fc.property(fc.array(which, { maxLength: 5 }), (some) => {
        const isWhole = some.length === 3 && new Set(some).size === 3
        expect(mergeOf(some.flatMap((index) => shards[index] ?? [])) !== undefined).toBe(isWhole)
      }),
      fuzzing(100),
    )
  })

  it('of what is no report is refused', () => {
    fc.assert(
      fc.property(which, fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (odd, text) => {
        expect(mergeOf(shards.map((shard, index) => (index === odd ? text : shard)))).toBeUndefined()
      }),
      fuzzing(100),
    )
  })
})
