/** What is kept of failures: `--failures` tries them first and retires what is over, and `pin` writes a test that holds one for ever. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, root } from '../support/cli/command.js'

const exec = promisify(execFile)
let folder: string

/** It pays again when the answer is lost: safely with a key, and twice without one. */
const scenario = (
  key: string,
  again = 'await tools.pay()',
) => `import { defineScenario, say, script } from 'agent-chaos'
export default defineScenario({
  name: 'pays', task: 't', model: script([say('x')]), state: () => ({ paid: 0 }),
  world: ({ state, effect }) => ({ tools: {
    pay: async () => effect({ kind: 'pay', intent: 1, key: ${key} }, () => void (state.paid += 1)),
  } }),
  agent: async ({ tools }) => {
    try { await tools.pay() } catch { ${again} }
  },
  goal: ({ state }) => state.paid > 0, faults: ['tool/reply-lost'],
})\n`

const broken = scenario('undefined')
const repaired = scenario("'k'")
const plan = 'tool:pay#1 = tool/reply-lost'
const bug = { scenario: 'pays', invariant: 'effects-exactly-once', signature: 'duplicated:pay', plan, seed: 1 }
const file = '.agent-chaos/failures.json'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-failures-'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
})

afterAll(() => rm(folder, { recursive: true }))

async function run(text: string, ...args: string[]) {
  await writeFile(join(folder, 'pays.chaos.mjs'), text)
  const ended = await agentChaos(['run', '.', '--no-config', '--json', 'r.json', ...args], { cwd: folder })
  const report = JSON.parse(await readFile(join(folder, 'r.json'), 'utf8')) as Report
  const [first] = report.scenarios
  return { ...ended, remembered: first?.remembered, notes: first?.notes, violations: first?.violations ?? [] }
}

const content = async () => JSON.parse(await readFile(join(folder, file), 'utf8'))
const keeps = (...failures: object[]) => ({ format: 'agent-chaos/failures', version: 1, failures })

describe('a file of failures', () => {
  it('is begun by naming it, and keeps minimal plans by scenario and invariant', async () => {
    await run(broken)
    await expect(content()).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await run(broken, '--failures', file)).code).toBe(1)
    expect(await content()).toEqual(keeps(bug))
  })

  it('is used by itself from then on, and what stands in it is tried first', async () => {
    const { remembered, violations } = await run(broken)
    expect(remembered).toEqual([expect.objectContaining({ plan, outcome: 'fails' })])
    expect(violations.map(({ foundAfterTrials }) => foundAfterTrials)).toEqual([1])
    expect(await content()).toEqual(keeps(bug))
  })

  it('retires what passes now, says so once, and has it back when it fails again', async () => {
    const { code, notes } = await run(repaired)
    expect(code).toBe(0)
    expect(notes).toContain(`a failure that was remembered passes now: effects-exactly-once under ${plan}`)
    expect(await content()).toEqual(keeps({ ...bug, retired: 'passes' }))
    expect((await run(repaired)).notes).toEqual([])
    await run(broken)
    expect(await content()).toEqual(keeps(bug))
  })

  it('tells what is no longer reachable from what passes', async () => {
    await mkdir(join(folder, '.agent-chaos'), { recursive: true })
    const gone = { ...bug, plan: 'tool:pay#7 = tool/reply-lost' }
    await writeFile(join(folder, file), JSON.stringify(keeps(gone)))
    const { notes } = await run(repaired)
    expect(notes).toContain(
      `a failure that was remembered is no longer reachable: effects-exactly-once under ${gone.plan}`,
    )
    expect(await content()).toEqual(keeps({ ...gone, retired: 'unreachable' }))
  })

  it('tells why a plan in it cannot be read', async () => {
    await writeFile(join(folder, file), JSON.stringify(keeps({ ...bug, plan: 'tool:pay#1 tool/reply-lost' })))
    const { notes } = await run(repaired)
    expect(notes?.join()).toMatch(
      /no longer reachable: effects-exactly-once under tool:pay#1 tool\/reply-lost \(the plan cannot be read: expected "=" and a fault/,
    )
  })

  it('is refused where it is none', async () => {
    await writeFile(join(folder, 'r.txt'), '{ "format": "other" }')
    const { code, stderr } = await agentChaos(['run', '.', '--no-config', '--failures', 'r.txt'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('r.txt:1: expected a file of failures: format:')
  })
})

describe('pin', () => {
  const pin = (...args: string[]) => agentChaos(['pin', 'pays.chaos.mjs', '--no-config', ...args], { cwd: folder })
  const nodeTest = () => exec(process.execPath, ['--test', 'pays.effects-exactly-once.test.mjs'], { cwd: folder })

  it('writes a test for node that fails until the agent is repaired, and where the plan strikes no more', async () => {
    await writeFile(join(folder, 'pays.chaos.mjs'), broken)
    const { code, stderr } = await pin('--plan', plan, '--runner', 'node')
    expect(code, stderr).toBe(0)
    await expect(nodeTest()).rejects.toMatchObject({ stdout: expect.stringContaining('duplicated:pay') })
    await writeFile(join(folder, 'pays.chaos.mjs'), repaired)
    await nodeTest()
    await writeFile(join(folder, 'pays.chaos.mjs'), repaired.replace('await tools.pay() } catch', '} catch'))
    await expect(nodeTest()).rejects.toMatchObject({ code: 1 })
  })

  it('writes a test for Vitest with its matcher', async () => {
    await writeFile(join(folder, 'pays.chaos.mjs'), broken)
    const { stdout } = await pin('--plan', plan, '--runner', 'vitest', '--output', '-')
    expect(stdout).toContain("import scenario from './pays.chaos.mjs'")
    expect(stdout).toContain("expect(trial).toHold('effects-exactly-once')")
  })

  it('writes over no test, and refuses a plan that breaks nothing', async () => {
    await writeFile(join(folder, 'pays.chaos.mjs'), broken)
    expect((await pin('--plan', plan)).stderr).toContain('pays.effects-exactly-once.test.mjs is there already')
    expect((await pin('--plan', plan, '--seed', '2', '--output', '-')).code).toBe(0)
    await writeFile(join(folder, 'pays.chaos.mjs'), repaired)
    const { code, stderr } = await pin('--plan', plan, '--output', '-')
    expect(code).toBe(2)
    expect(stderr).toContain('the plan violates no invariant under seed 1')
    expect((await pin()).stderr).toContain('expected --plan TEXT')
  })
})
