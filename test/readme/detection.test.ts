/** The detection table of the README is what the selftest really shows, and it shows what the harness promises. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyScenario } from 'agent-chaos'
import { invariantCatalogue } from 'agent-chaos/invariants'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BugReport } from '../../harness/contracts/report/selftest-report.js'
import { bugReport } from '../fixtures/cli/selftest-report.js'
import { root } from '../support/cli/command.js'
import { detect, tableIn, tableOf, withTable } from './detection.js'
import { textOf } from './readme.js'

const trialsMax = 500
const faultsMax = 2

/** Files by the name that their scenario is to have. */
const canaries = namesIn('scenarios/canaries', '.chaos.ts')
const planted = namesIn('scenarios/planted', '.ts')
const correct = namesIn('scenarios/correct', '.ts')

let bugs: readonly BugReport[]

beforeAll(async () => {
  bugs = await detect()
})

function namesIn(folder: string, ending: string): Map<string, string> {
  const path = join(root, folder)
  const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith(ending)) : []
  return new Map(files.map((file) => [file.slice(0, -ending.length), join(root, folder, file)]))
}

async function scenarioIn(file: string): Promise<AnyScenario> {
  return ((await import(file)) as { readonly default: AnyScenario }).default
}

/** The bugs for which something does not hold, by name. */
function but(holds: (bug: BugReport) => boolean): string[] {
  return bugs.filter((bug) => !holds(bug)).map(({ name }) => name)
}

describe('the planted bugs', () => {
  it('are all looked for, each under the name of its file', () => {
    expect(bugs.map(({ name }) => name)).toEqual([...canaries.keys(), ...planted.keys()].sort())
    expect(bugs.length).toBeGreaterThanOrEqual(30)
  })

  it('are all caught by the invariant that they name', () => {
    expect(but(({ found }) => found !== null)).toEqual([])
  })

  it(`are found within ${trialsMax} trials`, () => {
    expect(but(({ found }) => (found?.afterTrials ?? Number.POSITIVE_INFINITY) <= trialsMax)).toEqual([])
  })

  it(`are shown by a plan of at most ${faultsMax} faults, and not by none`, () => {
    expect(but(({ found }) => found !== null && found.faults >= 1 && found.faults <= faultsMax)).toEqual([])
  })

  it('make one mistake each that no other makes, and say which', () => {
    expect(but(({ mistake }) => mistake !== null)).toEqual([])
    expect(new Set(bugs.map(({ mistake }) => mistake)).size).toBe(bugs.length)
  })

  it.each([...canaries, ...planted])('say how they are repaired: %s', async (_, file) => {
    expect((await scenarioIn(file)).repaired).not.toBeNull()
  })
})

describe('the canaries of every run', () => {
  it('are few enough to be run every time', () => {
    expect(canaries.size).toBeGreaterThanOrEqual(20)
    expect(canaries.size).toBeLessThanOrEqual(32)
  })

  it.each(invariantCatalogue.map(({ name }) => name))('show that %s still bites', (name) => {
    const caught = bugs.filter((bug) => canaries.has(bug.name)).map(({ invariant }) => invariant)
    expect(caught).toContain(name)
  })
})

describe('the correct agents', () => {
  it('are no canaries', async () => {
    for (const [name, file] of correct) expect([name, (await scenarioIn(file)).expect]).toEqual([name, null])
  })
})

describe('the detection table', () => {
  it('stands in the docs as it comes out', () => {
    const message = 'the page of planted bugs has another detection table: run `npm run detection -- --write`'
    expect(tableIn(textOf('docs/planted-bugs.md')), message).toBe(tableOf(bugs))
  })

  it('is put between its markers, and nothing else is touched', () => {
    const before = 'a\n<!-- detection -->\nold\n<!-- /detection -->\nb\n'
    const after = withTable(before, '| new |')
    expect(after).toBe('a\n<!-- detection -->\n| new |\n<!-- /detection -->\nb\n')
    expect([tableIn(before), tableIn(after)]).toEqual(['old', '| new |'])
  })

  it('is refused a page without markers', () => {
    expect(tableIn('a\n<!-- detection -->\n')).toBeUndefined()
    expect(() => withTable('a\n', '| new |')).toThrow('<!-- /detection -->')
  })

  it('says what fired beside the invariant that was to, and that a bug was not found', () => {
    const last = (bug: BugReport) => tableOf([bug]).split('\n').at(-1)
    expect(last(bugReport({ mistake: 'm' }))).toBe(
      '| no-key | m | effects-exactly-once | 14 | 1 | `tool:refund#1 = tool/duplicate` | no-invented-success |',
    )
    const missed = bugReport({ name: 'b', mistake: 'm', invariant: 'i', found: null, invariants: [] })
    expect(last(missed)).toBe('| b | m | i | not found |  |  |  |')
  })
})
