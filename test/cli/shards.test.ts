/** A run divided into shards as a user divides it, put together again, and what is said where it cannot be. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended, root, withoutPage } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const scenarios = [
  'scenarios/refund.chaos.ts',
  'scenarios/canaries/no-idempotency-key.chaos.ts',
  'scenarios/canaries/gives-up-on-a-503.chaos.ts',
  'test/fixtures/measured/gives-up.chaos.ts',
].map((path) => join(root, path))

let folder: string
let whole: Ended
let shards: readonly Ended[]

const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report
const inFolder = (...args: string[]) => agentChaos(args, { cwd: folder })
const run = (...args: string[]) =>
  inFolder(
    'run',
    ...scenarios,
    '--trials-max',
    '40',
    '--random',
    '5',
    '--sweep',
    '0.3,0',
    '--sweep-trials',
    '10',
    ...args,
  )

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-shards-'))
  whole = await run('--gate', 'fixed', '--json', 'whole.json')
  const ended: Ended[] = []
  for (const index of [1, 2, 3]) ended.push(await run('--shard', `${index}/3`, '--json', `part-${index}.json`))
  shards = ended
})

describe('a run in shards', () => {
  it('judges nothing but violations in each shard, and says which part it is', () => {
    expect(shards.map(({ code }) => code)).toEqual([0, 0, 0])
    for (const [index, { stdout }] of shards.entries()) {
      expect(stdout).toContain(`– pending · shard ${index + 1} of 3 · `)
      expect(stdout).not.toContain('Not tested')
    }
  })

  it('runs each trial of the sample once, and each canary by one shard', () => {
    const reports = [1, 2, 3].map((index) => read(`part-${index}.json`))
    const sampleOf = ({ scenarios }: Report) => scenarios.find(({ name }) => name === 'gives-up')?.measure?.sample
    const numbers = reports.flatMap((report) => sampleOf(report)?.number ?? [])
    expect(numbers.sort((a, b) => a - b)).toEqual(sampleOf(read('whole.json'))?.number)
    const canaries = reports.flatMap(({ scenarios }) => scenarios.filter(({ canary }) => canary !== null))
    expect(canaries.map(({ name, verdict }) => [name, verdict]).sort()).toEqual([
      ['gives-up-on-a-503', 'passed'],
      ['no-idempotency-key', 'passed'],
    ])
  })

  it('is the run in one piece once it is merged, but for timing and environment, and exits as that did', async () => {
    const merged = await inFolder('merge', 'part-3.json', 'part-1.json', 'part-2.json', '--json', 'merged.json')
    expect(stable(read('merged.json'))).toEqual(stable(read('whole.json')))
    expect([merged.code, whole.code]).toEqual([1, 1])
    const timeless = (text: string) => text.replace(/(^|· )[\d.]+ (ms|s|min \d+ s)(?=$| ·)/gm, '$1TIME')
    expect(timeless(merged.stdout)).toBe(timeless(whole.stdout))
    expect(merged.stdout).toContain('gives-up: reliability missed')
    expect(merged.stderr).toBe('')
  })

  it('is put together by the commands that the help shows', async () => {
    const help = await agentChaos(['merge', '--help'])
    const examples = [...help.stdout.matchAll(/^ {2}agent-chaos (.+)$/gm)].map(([, line = '']) => line.split(' '))
    const target = join(root, 'test/fixtures/measured/gives-up.chaos.ts')
    const codes: (number | null)[] = []
    for (const [command = '', ...args] of examples) {
      const paths = command === 'run' ? [target] : []
      codes.push((await inFolder(command, ...paths, ...args)).code)
    }
    expect(codes).toEqual([0, 0, 1])
    expect(read('report.json').scenarios[0]?.measure?.gate.verdict).toBe('missed')
  })
})

describe('what cannot be merged', () => {
  const broken = { 'text.json': 'not JSON', 'other.json': '{"format":"agent-chaos/replay","version":1}' }

  it.each([
    [['part-1.json', 'part-3.json'], 'agent-chaos: shard 2 of 3 is missing\n'],
    [
      ['part-1.json', 'part-2.json', 'part-3.json', 'part-1.json'],
      'agent-chaos: shard 1 of 3 is there twice, in part-1.json and part-1.json\n',
    ],
    [
      ['whole.json', 'part-1.json'],
      'agent-chaos: whole.json: this is the report of a whole run, and of no shard (--shard)\n',
    ],
    [['none.json'], 'agent-chaos: none.json: no such file\n'],
    [['text.json'], /^agent-chaos: text\.json:1: a report is expected, and this is not JSON: .+\n$/],
    [['other.json'], /got the format "agent-chaos\/replay"\n$/],
    [['seed.json', 'part-2.json', 'part-3.json'], /the seed is 4 in seed\.json and 1 in part-2\.json\n$/],
  ])('%j is refused in one line, and leaves no file behind', async (files, message) => {
    for (const [name, text] of Object.entries(broken)) writeFileSync(join(folder, name), text)
    writeFileSync(join(folder, 'seed.json'), JSON.stringify({ ...read('part-1.json'), seed: 4 }))
    const { code, stdout, stderr } = await inFolder('merge', ...files, '--json', 'never.json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(withoutPage(stderr)).toMatch(message)
    expect(() => read('never.json')).toThrow('ENOENT')
  })

  it.each([
    [['--bail'], '--shard and --bail exclude each other: a merge needs whole shards (--no-bail)'],
    [
      ['--gate', 'sequential'],
      '--shard and --gate sequential exclude each other: when a sequential gate ends depends on every trial before, and a ' +
        'shard has a part of them (--gate fixed)',
    ],
  ])('is not made by a run with %j', async (args, message) => {
    const { code, stderr } = await run('--shard', '1/2', ...args)
    expect([code, withoutPage(stderr)]).toEqual([2, `agent-chaos: ${message}\n`])
  })
})
