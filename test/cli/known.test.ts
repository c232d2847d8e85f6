/** What a run leaves out, and what it takes for known: `--known`, `--update-known`, `--last-failed`, `--tag`. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended, root } from '../support/cli/command.js'

let folder: string

/** It pays again when the answer is lost, with a key or without; `more` can break something else. */
const scenario = (name: string, key: string, more = '') => `import { defineScenario, say, script } from 'agent-chaos'
export default defineScenario({
  name: '${name}', task: 't', model: script([say('x')]), state: () => ({ paid: 0 }), tags: ['${name}-tag', 'money'],
  world: ({ state, effect }) => ({ tools: {
    pay: async () => effect({ kind: 'pay', intent: 1, key: ${key} }, () => void (state.paid += 1)),
  } }),
  agent: async ({ tools }) => {
    try { await tools.pay() } catch { ${more}; await tools.pay() }
  },
  goal: ({ state }) => state.paid > 0, faults: ['tool/reply-lost'],
})\n`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-known-'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
  await write('sound', "'k'")
  await write('twice', 'undefined')
})

afterAll(() => rm(folder, { recursive: true }))

const write = (name: string, key: string, more?: string) =>
  writeFile(join(folder, `${name}.chaos.ts`), scenario(name, key, more))

interface Ran extends Ended {
  readonly report: Report
}

async function run(...args: string[]): Promise<Ran> {
  const ended = await agentChaos(['run', '.', '--no-config', '--json', 'r.json', ...args], { cwd: folder })
  const report = JSON.parse(await readFile(join(folder, 'r.json'), 'utf8')) as Report
  return { ...ended, report }
}

const names = ({ report }: Ran) => report.scenarios.map(({ name }) => name)

describe('a file of known violations', () => {
  it('lets a run pass that finds no other', async () => {
    expect((await run()).code).toBe(1)
    const first = await run('--known', 'known.json', '--update-known')
    expect(first.code, first.stdout).toBe(0)
    expect(JSON.parse(await readFile(join(folder, 'known.json'), 'utf8'))).toEqual({
      format: 'agent-chaos/known',
      version: 1,
      violations: [{ scenario: 'twice', invariant: 'effects-exactly-once', signature: 'duplicated:pay' }],
    })
    const again = await run('--known', 'known.json', '--reporter', 'junit=r.xml,github=r.txt,markdown=r.md')
    expect(again.code, again.stdout).toBe(0)
    expect(again.stdout).toContain('twice: known: effects-exactly-once (duplicated:pay)')
    expect(again.report.scenarios.find(({ name }) => name === 'twice')).toMatchObject({
      verdict: 'passed',
      because: expect.stringMatching(/^no violation but a known one in \d+ trials? with faults$/),
      violations: [{ invariant: 'effects-exactly-once', known: true }],
    })
    expect(await readFile(join(folder, 'r.xml'), 'utf8')).toContain('failures="0" errors="0"')
    expect(await readFile(join(folder, 'r.txt'), 'utf8')).toBe('')
    expect(await readFile(join(folder, 'r.md'), 'utf8')).toContain('2 of 2 scenarios passed')
  })

  it('fails a run that finds another, and tells of that alone at length', async () => {
    await write('twice', 'undefined', 'void Promise.reject(new Error("unheard"))')
    const { code, stdout } = await run('--known', 'known.json')
    expect(code).toBe(1)
    expect(stdout).toContain('twice broke no-unhandled-rejection')
    expect(stdout).not.toContain('twice broke effects-exactly-once')
    await write('twice', 'undefined')
  })

  it('loses nothing by a run that looks for a part of it, and is told of none that it is gone', async () => {
    await writeFile(join(folder, 'whole.json'), await readFile(join(folder, 'known.json')))
    const before = await readFile(join(folder, 'whole.json'), 'utf8')
    expect(JSON.parse(before).violations.length).toBeGreaterThan(0)
    const { report } = await run('--known', 'whole.json', '--only', 'clock/jump')
    expect(report.scenarios.flatMap(({ notes }) => notes).join()).not.toContain('known violation')
    await run('--known', 'whole.json', '--update-known', '--only', 'clock/jump')
    expect(await readFile(join(folder, 'whole.json'), 'utf8')).toBe(before)
  })

  it('is told what of it is gone, and may be written anew', async () => {
    await write('twice', "'k'")
    const { code, report } = await run('--known', 'known.json')
    expect(code).toBe(0)
    expect(report.scenarios.flatMap(({ notes }) => notes)).toEqual([
      'a known violation was not seen any more: effects-exactly-once (duplicated:pay); --update-known takes it out',
    ])
    await run('--known', 'known.json', '--update-known')
    expect(JSON.parse(await readFile(join(folder, 'known.json'), 'utf8'))).toMatchObject({ violations: [] })
    await write('twice', 'undefined')
    expect((await run('--known', 'known.json')).code).toBe(1)
  })

  it('must be there, and be one', async () => {
    await writeFile(join(folder, 'none.json'), '{"format":"x"}')
    for (const [args, message] of [
      [['--known', 'missing.json'], 'missing.json: no such file; --update-known writes it'],
      [['--known', 'none.json'], 'none.json:1: expected a file of known violations'],
      [['--update-known'], '--update-known writes the file of --known'],
      [['--known', 'k.json', '--update-known', '--shard', '1/2'], '--shard and --update-known exclude each other'],
    ] as const) {
      const { code, stderr } = await agentChaos(['run', '.', '--no-config', ...args], { cwd: folder })
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    }
  })
})

describe('what a run is asked for', () => {
  it('is what has a tag', async () => {
    expect(names(await run('--tag', 'sound-tag'))).toEqual(['sound'])
    expect(names(await run('--tag', 'none,money'))).toEqual(['sound', 'twice'])
    const { code, stderr } = await agentChaos(['run', '.', '--no-config', '--tag', 'none'], { cwd: folder })
    expect([code, stderr]).toEqual([2, expect.stringContaining('no scenario has a tag that --tag asks for: none')])
    const listed = await agentChaos(['list', '.', '--no-config', '--tag', 'twice-tag', '--json', '-'], { cwd: folder })
    expect(JSON.parse(listed.stdout).scenarios).toMatchObject([{ name: 'twice', tags: ['twice-tag', 'money'] }])
  })

  it('is what failed last time, and all of it where nothing did', async () => {
    await run()
    expect(names(await run('--last-failed'))).toEqual(['twice'])
    await write('twice', "'k'")
    expect(names(await run('--last-failed'))).toEqual(['twice'])
    const all = await run('--last-failed')
    expect([names(all), all.stderr]).toEqual([['sound', 'twice'], expect.stringContaining('none of these failed')])
  })
})
