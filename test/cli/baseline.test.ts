/** A trial without faults that fails says why, in every report: the agent's error and its place, or the final state. */
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { agentChaos, root } from '../support/cli/command.js'

let folder: string

const scenario = (name: string, rest: string) => `import { defineScenario, say, script } from 'agent-chaos'
import { pay } from './pay.js'
export default defineScenario({
  name: '${name}', task: 't', model: script([say('x')]), state: () => ({ paid: {} as Record<string, number> }),
  world: ({ state }) => ({ tools: { pay: async (order: string, cents: number) => void (state.paid[order] = cents) } }),
  agent: ({ tools }) => pay(tools),
  goal: ({ state }) => state.paid['42'] === 4200,
  ${rest}
})\n`

const files: Record<string, string> = {
  'package.json': '{ "type": "module" }',
  'pay.ts': `interface Tools { pay(order: string, cents: number): Promise<void> }
export async function pay(tools: Tools) {
  await tools.pay('42', 42)
  return 'paid'
}
export const fail = async (tools: Tools) => {
  await tools.pay('42', 42)
  const order = JSON.parse('null')
  return order.cents
}
export const wander = () => {
  void Promise.reject(new Error('unheard'))
}\n`,
  'misses.chaos.ts': scenario('misses', ''),
  'admits.chaos.ts': scenario('admits', "claims: () => 'failure',"),
  'throws.chaos.ts': scenario('throws', 'agent: ({ tools }) => fail(tools),').replace('{ pay }', '{ fail }'),
  'goal-throws.chaos.ts': scenario('goal-throws', "goal: ({ state }) => JSON.parse('{').paid === state,"),
  'exits.chaos.ts': scenario('exits', 'agent: async ({ tools }) => {\n await pay(tools)\n process.exit(3)\n},'),
  'unheard.chaos.ts': scenario('unheard', 'agent: () => wander(), goal: () => true,').replace('{ pay }', '{ wander }'),
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-baseline-'))
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
})

interface Reported {
  readonly code: number | null
  /** What each report says, by its name, without line breaks. */
  readonly reports: Readonly<Record<string, string>>
  readonly failure: unknown
}

async function run(name: string): Promise<Reported> {
  const path = (ending: string) => join(folder, `${name}.${ending}`)
  const reporters = { json: path('json'), junit: path('xml'), html: path('html'), markdown: path('md') }
  const args = Object.entries(reporters).flatMap(([reporter, file]) => ['--reporter', `${reporter}=${file}`])
  const { code, stdout } = await agentChaos(['run', `${name}.chaos.ts`, ...args], { cwd: folder })
  const texts = await Promise.all(Object.values(reporters).map((file) => readFile(file, 'utf8')))
  const { scenarios } = JSON.parse(texts[0] ?? '') as { scenarios: { baselineFailure: unknown }[] }
  const shown = [stdout, ...texts.slice(1)].map((text) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#34;', '"')
      .replace(/\s*\n\s*/g, ' '),
  )
  const reports = Object.fromEntries(
    ['terminal', 'junit', 'html', 'markdown'].map((key, index) => [key, shown[index] ?? '']),
  )
  return { code, reports, failure: scenarios[0]?.baselineFailure }
}

/** As a reader of HTML or Markdown sees it. */
function readable(text: string): string {
  return text.replaceAll('<!-- -->', '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}

describe('a baseline that fails', () => {
  it.each([
    ['misses', 'the agent claims success'],
    ['admits', 'it admits failure'],
  ])('exits 2 where the goal is missed, be it that %s, and shows answer and final state', async (name) => {
    const { code, reports, failure } = await run(name)
    expect(code).toBe(2)
    expect(failure).toEqual({ answer: '"paid"', state: '{"paid":{"42":42}}', environment: {} })
    for (const [report, text] of Object.entries(reports)) {
      expect(text, report).toContain('without any fault, the goal is not reached')
      expect(text, report).toContain('answer: "paid"')
      expect(text, report).toContain('final state: {"paid":{"42":42}}')
    }
  })

  it.each([
    ['throws', 2, "TypeError: Cannot read properties of null (reading 'cents')", 'pay.ts:9'],
    ['goal-throws', 2, /SyntaxError: .*JSON/, 'goal-throws.chaos.ts:8'],
    ['exits', 2, undefined, 'exits.chaos.ts:10'],
    ['unheard', 1, 'Error: unheard', 'pay.ts:12'],
  ])('shows what was thrown and where: %s', async (name, exit, error, where) => {
    const { code, reports, failure } = await run(name)
    expect(code).toBe(exit)
    const thrown = typeof error === 'string' ? error : error && expect.stringMatching(error)
    expect(failure).toMatchObject({ ...(thrown !== undefined && { error: thrown }), environment: { where } })
    for (const [report, text] of Object.entries(reports)) {
      expect(text, report).toContain(`at: ${where}`)
      expect(text, report).toContain('without any fault')
      if (error !== undefined) expect(readable(text), report).toMatch(error)
    }
  })
})
