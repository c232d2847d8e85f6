/** One report, down to the digests of its traces, whatever the zone, the language, the number of workers and of machines. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-golden-'))
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0

async function golden(options: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const file = join(folder, `${++made}.json`)
  const bounds = ['--trials-max', '40', '--no-measure', '--no-config']
  const { stderr } = await agentChaos(['run', 'test/fixtures/shop', ...bounds, ...options, '--json', file], { env })
  try {
    return whole(file)
  } catch {
    throw new Error(stderr)
  }
}

/** Options that say how it was run are no part of what was found. */
function whole(file: string): unknown {
  const { options: _, ...report } = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  return stable(report)
}

let first: unknown
beforeAll(async () => {
  first = await golden(['--workers', '1'], { TZ: 'UTC', LANG: 'C' })
})

it('is told of trials at all', () => {
  expect(JSON.stringify(first)).toContain('"digest"')
})

it.each([
  ['another zone', { TZ: 'Asia/Kathmandu', LANG: 'C' }],
  ['a zone that changes its clocks', { TZ: 'America/Sao_Paulo', LANG: 'C' }],
  ['another language', { TZ: 'UTC', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
])('is the same in %s', async (_, env) => {
  expect(await golden(['--workers', '1'], env)).toEqual(first)
})

it('is the same of several workers', async () => {
  expect(await golden(['--workers', '3'], { TZ: 'Pacific/Apia', LANG: 'de_DE.UTF-8' })).toEqual(first)
})

it('is the same of shards that were merged', async () => {
  await golden(['--shard', '1/2'], { TZ: 'Pacific/Apia' })
  await golden(['--shard', '2/2'], { LANG: 'ar_EG.UTF-8' })
  const parts = [made - 1, made].map((number) => join(folder, `${number}.json`))
  const file = join(folder, 'merged.json')
  const { stderr } = await agentChaos(['merge', ...parts, '--json', file])
  expect(whole(file), stderr).toEqual(first)
})
