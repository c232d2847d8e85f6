/**
 * One report, down to the digests of its traces, whatever the zone, the language, the number of workers and of machines, what else runs,
 * and the Node. `GOLDEN_NODES` names other Nodes than this one, with a colon between them: `.ci/golden` installs them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differencesBetween, ofOneRun, type Results } from '../same/differences.js'
import { agentChaos, execute, main } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-golden-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bounds = ['--trials-max', '40', '--no-measure', '--no-config']
const shop = ['test/fixtures/shop']
let made = 0

interface Manner {
  readonly files?: readonly string[]
  readonly options?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly node?: string
}

async function golden({ files = shop, options = [], env = {}, node = process.execPath }: Manner = {}) {
  const name = ++made
  const file = join(folder, `${name}.json`)
  const own = ['--json', file, '--failures', join(folder, `${name}.failures.json`)]
  const { stderr } = await execute(node, [main, 'run', ...files, ...bounds, ...options, ...own], { env })
  return wholeIn(file, stderr)
}

/** Options that say how it was run are no part of what was found. */
function wholeIn(file: string, stderr: string): Results {
  try {
    const { options: _, ...report } = JSON.parse(readFileSync(file, 'utf8'))
    return stable(report) as Results
  } catch {
    throw new Error(stderr)
  }
}

/** Names what differs; and keys stand in the same order. */
function expectSame(other: Results, first: Results): void {
  expect(differencesBetween(first, other, ofOneRun)).toEqual([])
  expect(JSON.stringify(other)).toBe(JSON.stringify(first))
}

const digestsIn = (report: Results) => JSON.stringify(report).match(/"digest":"[0-9a-f]{64}"/g) ?? []

let first: Results
beforeAll(async () => {
  first = await golden({ options: ['--workers', '1'], env: { TZ: 'UTC', LANG: 'C' } })
})

describe('a report', () => {
  it('tells of trials at all', () => {
    expect(digestsIn(first)).not.toEqual([])
  })

  it.each([
    ['another zone', { TZ: 'Asia/Kathmandu', LANG: 'C' }],
    ['a zone that changes its clocks', { TZ: 'America/Sao_Paulo', LANG: 'C' }],
    ['another language', { TZ: 'UTC', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
  ])('is the same in %s', async (_, env) => {
    expectSame(await golden({ options: ['--workers', '1'], env }), first)
  })

  it('is the same of several workers', async () => {
    expectSame(await golden({ options: ['--workers', '3'], env: { TZ: 'Pacific/Apia', LANG: 'de_DE.UTF-8' } }), first)
  })

  it('is the same of runs that go on beside each other', async () => {
    for (const other of await Promise.all([golden(), golden(), golden()])) expectSame(other, first)
  })

  it('is the same of shards that were merged', async () => {
    await golden({ options: ['--shard', '1/2'], env: { TZ: 'Pacific/Apia' } })
    await golden({ options: ['--shard', '2/2'], env: { LANG: 'ar_EG.UTF-8' } })
    const parts = [made - 1, made].map((number) => join(folder, `${number}.json`))
    const file = join(folder, 'merged.json')
    const { stderr } = await agentChaos(['merge', ...parts, '--json', file])
    expectSame(wholeIn(file, stderr), first)
  })
})

const nodes = process.env.GOLDEN_NODES?.split(':') ?? []
describe.runIf(nodes.length > 0)('a report of many agents', () => {
  const files = [...shop, 'scenarios/canaries']
  let here: Results
  beforeAll(async () => {
    here = await golden({ files })
  })

  it('tells of many trials', () => {
    expect(new Set(digestsIn(here)).size).toBeGreaterThan(50)
  })

  it.each(nodes)('is the same on %s', async (node) => {
    expectSame(await golden({ files, node, env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8' } }), here)
  })
})
