/** Every slip of a user gets one clear message and the exit code that says which kind it was. */
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { agentChaos, root } from '../support/cli/command.js'

let folder: string

const head = "import { call, defineScenario, policy, say, script } from 'agent-chaos'\n"
const sound = `
  task: 't', model: script([say('x')]),
  world: () => ({ tools: { ping: async () => 'pong' } }),
  agent: ({ tools }) => tools.ping(), goal: ({ result }) => result === 'pong', faults: ['tool/unavailable', 'tool/reply-lost', 'tool/duplicate'],`

const tooLong = 'x'.repeat(300)

const files: Record<string, string> = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "#lib/*": ["./lib/*"] } } }',
  'lib/greet.ts': `import { polite } from './polite'\nexport const greet = (name: string): string => polite + ' ' + name\n`,
  // Found although its ending is neither named nor one of the usual.
  'lib/polite.mts': "export const polite = 'hi'\n",
  'sound.chaos.ts': `${head}import { greet } from '#lib/greet'
export default defineScenario({ name: greet('there'), ${sound} })\n`,
  'endings/module.chaos.mts': `${head}import { polite } from '../lib/polite'
export default defineScenario({ name: polite, ${sound} })\n`,
  'endings/common.chaos.cts': `${head}export default defineScenario({ name: 'common' as string, ${sound} })\n`,
  'endings/classic.chaos.cts': `${head}module.exports = defineScenario({ name: 'classic', ${sound} })\n`,
  'twin.chaos.ts': "export { default } from './sound.chaos.js'\n",
  'syntax.chaos.ts': `${head}export default defineScenario({\n  name: 'syntax'\n  task: 't',\n})\n`,
  'throws.chaos.ts': `${head}const nothing = undefined as unknown as { x: string }\nconsole.log(nothing.x)\nexport default 1\n`,
  'typo.chaos.ts': `${head}export default defineScenario({ name: 'typo', ${sound}\n  invarients: [] } as never)\n`,
  'unknown-fault.chaos.ts': `${head}export default defineScenario({ name: 'unknown-fault', ${sound}\n  faults: ['tool/reply-lots'] })\n`,
  'own-invariant.chaos.ts': `${head}import { invariant } from 'agent-chaos/invariants'\n
export default defineScenario({ name: 'own-invariant', ${sound}
  invariants: [\n    invariant('No Second Ping', () => true),\n  ] })\n`,
  'no-site.chaos.ts': `${head}import { instructionNotObeyed } from 'agent-chaos/invariants'\n
export const allow = () =>\n  instructionNotObeyed({ allowedIn: ['toll:ping'] })\nallow()\n`,
  'no-default.chaos.ts': 'export const scenario = 1\n',
  'wrong-default.chaos.ts': "export default { name: 'x' }\n",
  'misses-the-goal.chaos.ts': `${head}export default defineScenario({ name: 'misses', ${sound}\n  goal: () => false, claims: () => 'failure' })\n`,
  'breaks-alone.chaos.ts': `${head}export default defineScenario({ name: 'breaks-alone', ${sound}
  agent: ({ tools }) => {\n    void Promise.reject(new Error('unheard'))\n    return tools.ping()\n  } })\n`,
  ...Object.fromEntries(
    Object.entries({
      'goal-word': "goal: () => 'no' as never",
      'goal-rows': 'goal: (async () => []) as never',
      'goal-never': 'goal: () => new Promise<boolean>(() => {})',
      'claims-word': "claims: () => 'sucess' as never",
      'world-nothing': 'world: (() => {}) as never, agent: () => 1',
      'world-later': 'world: (async () => ({ tools: {} })) as never, agent: () => 1',
      'check-nothing': "invariants: [{ name: 'mine', kind: 'safety', check: () => {} } as never]",
      'check-false': "invariants: [{ name: 'mine', kind: 'safety', check: () => false } as never]",
      'check-sentence': "invariants: [{ name: 'mine', kind: 'safety', check: () => 'It rained.' } as never]",
      'check-later': "invariants: [invariant('mine', (async () => true) as never)]",
      'predicate-later': "invariants: [always('mine', (async () => false) as never)]",
      'budget-nothing': 'invariants: [(withinBudget as never as () => never)()]',
    }).map(([name, part]) => [
      `parts/${name}.chaos.ts`,
      `${head}import { always, invariant, withinBudget } from 'agent-chaos/invariants'\n
void [always, invariant, withinBudget]\nexport default defineScenario({ name: '${name}', ${sound}\n  ${part} })\n`,
    ]),
  ),
  'tests-nothing.chaos.ts': `${head}export default defineScenario({ name: 'tests-nothing',
  task: 't', model: script([say('x')]), agent: () => 'done', goal: () => true })\n`,
  'empty/readme.md': 'no scenarios here\n',
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-bad-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await symlink('loop.chaos.ts', join(folder, 'loop.chaos.ts'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
})

const run = (...args: string[]) => agentChaos(args, { cwd: folder })

describe('bad input', () => {
  it.each([
    [['run', 'soundd.chaos.ts'], 2, /soundd\.chaos\.ts.*sound\.chaos\.ts/s],
    [['run', 'sound.chaos.ts/x'], 2, /sound\.chaos\.ts is a file, and no folder/],
    [['list', 'sound.chaos.ts/x/y'], 2, /sound\.chaos\.ts is a file, and no folder/],
    [['replay', 'sound.chaos.ts/x', '--plan', ''], 2, /sound\.chaos\.ts is a file, and no folder/],
    [['selftest', 'sound.chaos.ts/x'], 2, /sound\.chaos\.ts is a file, and no folder/],
    [['run', '--watch', 'sound.chaos.ts/x'], 2, /sound\.chaos\.ts is a file, and no folder/],
    [['report', 'sound.chaos.ts/x'], 2, /a part of the path is a file, and no folder \(ENOTDIR\)/],
    [['run', '--config', 'sound.chaos.ts/x'], 2, /--config.*sound\.chaos\.ts is a file, and no folder/],
    [['run', '--config', `${tooLong}.json`], 2, /--config.*name is too long \(ENAMETOOLONG\)/],
    [['run', tooLong], 2, /x… \(300 characters\): its name is too long \(ENAMETOOLONG\)/],
    [['replay', tooLong], 2, /name is too long \(ENAMETOOLONG\)/],
    [['report', tooLong], 2, /name is too long \(ENAMETOOLONG\)/],
    [['compare', tooLong, tooLong], 2, /name is too long \(ENAMETOOLONG\)/],
    [['merge', tooLong], 2, /name is too long \(ENAMETOOLONG\)/],
    [['run', 'sound.chaos.ts', '--json', tooLong], 2, /--json.*name is too long \(ENAMETOOLONG\)/],
    [['run', 'loop.chaos.ts'], 2, /symbolic links lead back to themselves \(ELOOP\)/],
    [['report', 'loop.chaos.ts'], 2, /symbolic links lead back to themselves \(ELOOP\)/],
    [['run', 'sound.chaos.ts', '--otlp', 'loop.chaos.ts'], 2, /--otlp.*lead back to themselves \(ELOOP\)/],
    [['run', '/dev/null'], 2, /a scenario file or a folder is expected, and this is a device/],
    [['run', '--config', '/dev/null'], 2, /a file is expected, and this is a device/],
    [['run', 'empty'], 2, /\.chaos\./],
    [['run', 'syntax.chaos.ts'], 2, /syntax\.chaos\.ts:4:\d+.*does not compile/s],
    [['run', 'throws.chaos.ts'], 2, /throws\.chaos\.ts:3.*TypeError/s],
    [['run', 'typo.chaos.ts'], 2, /typo\.chaos\.ts:2.*"invarients".*Did you mean\s+"invariants"/s],
    [['run', 'unknown-fault.chaos.ts'], 2, /"tool\/reply-lots".*Did you mean\s+"tool\/reply-lost"/s],
    [['run', 'own-invariant.chaos.ts'], 2, /own-invariant\.chaos\.ts:9.*kebab-case.*"No Second Ping"/s],
    [['run', 'no-site.chaos.ts'], 2, /no-site\.chaos\.ts:5.*"toll:ping" is no site/s],
    [['run', 'no-default.chaos.ts'], 2, /no-default\.chaos\.ts.*no\s+default export/s],
    [['run', 'wrong-default.chaos.ts'], 2, /wrong-default\.chaos\.ts.*type object/s],
    [['run', 'sound.chaos.ts', '--json', 'sound.chaos.ts/x.json'], 2, /sound\.chaos\.ts\/x\.json cannot be written/],
    [['run', 'sound.chaos.ts', '--trails-max', '3'], 2, /--trails-max.*--trials-max/s],
    [['run', 'sound.chaos.ts', '--workers', 'many'], 2, /--workers.*many/s],
    [['rum'], 2, /rum.*run/s],
    [['explain', 'tool/reply-lots'], 2, /tool\/reply-lost/],
    [['replay', 'sound.chaos.ts', '--plan', 'tool:ping#1 = tool/reply-lots'], 2, /1:15.*tool\/reply-lost/s],
    [['replay', 'sound.chaos.ts', '--plan', 'tool:ping#1 tool/reply-lost'], 2, /"="/],
    [['replay', 'sound.chaos.ts', '--plan', 'model:*#1 = tool/reply-lost'], 2, /tool/],
    [['replay', 'sound.chaos.ts', '--plan', 'tool:pinng#1 = tool/reply-lost'], 2, /tool:pinng.*tool:ping/s],
    [['replay', 'sound.chaos.ts', '--plan', 'tool:ping#1 = tool/duplicate(times: 99)'], 2, /whole number from 1 to 5/],
    [['replay', 'sound.chaos.ts', '--plan', 'tool:ping#7 = tool/reply-lost'], 3, /tool:ping/],
    [['run', 'misses-the-goal.chaos.ts'], 2, /goal is not reached/],
    [['run', 'breaks-alone.chaos.ts'], 1, /without any fault/],
    [['run', 'parts/goal-word.chaos.ts'], 2, /goal-word\.chaos\.ts:5: .*goal\(\): expected true or false, got "no"/],
    [['run', 'parts/goal-rows.chaos.ts'], 2, /goal-rows\.chaos\.ts:5: .*expected true or false, got an array/],
    [['run', 'parts/goal-never.chaos.ts'], 2, /goal-never\.chaos\.ts:5: .*got a promise that never settles/],
    [['run', 'parts/claims-word.chaos.ts'], 2, /claims-word\.chaos\.ts:5: .*got "sucess"\. Did you mean "success"/],
    [
      ['run', 'parts/world-nothing.chaos.ts'],
      2,
      /world-nothing\.chaos\.ts:5: .*world\(\): expected an object.*nothing/,
    ],
    [['run', 'parts/world-later.chaos.ts'], 2, /world-later\.chaos\.ts:5: .*world\(\): expected an object.*a promise/],
    [['run', 'parts/check-nothing.chaos.ts'], 2, /check-nothing\.chaos\.ts:5: .*"mine".*a verdict.*got undefined/],
    [['run', 'parts/check-false.chaos.ts'], 2, /check-false\.chaos\.ts:5: .*"mine".*a verdict.*got false/],
    [['run', 'parts/check-sentence.chaos.ts'], 2, /check-sentence\.chaos\.ts:5: .*a verdict.*got "It rained\."/],
    [['run', 'parts/check-later.chaos.ts'], 2, /check-later\.chaos\.ts:9: .*"mine".*at once, got a promise/],
    [
      ['run', 'parts/predicate-later.chaos.ts'],
      2,
      /predicate-later\.chaos\.ts:9: .*true or false, at once, got a promise/,
    ],
    [['run', 'parts/budget-nothing.chaos.ts'], 2, /budget-nothing\.chaos\.ts:9: .*withinBudget\(\): .*got undefined/],
    [['list', 'parts/goal-word.chaos.ts'], 2, /expected true or false, got "no"/],
    [['replay', 'parts/goal-word.chaos.ts', '--plan', ''], 2, /expected true or false, got "no"/],
    [['run', 'tests-nothing.chaos.ts'], 3, /nothing was tested/],
  ])('%j exits %i and says why', async (args, code, message) => {
    const { stdout, stderr, code: exit } = await run(...args)
    const said = stdout + stderr
    expect(said.replace(/\s*\n\s*/g, ' ')).toMatch(message)
    expect(exit, said).toBe(code)
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  })

  it('runs the sound scenarios beside the broken ones', async () => {
    const { stdout, code } = await run('run', '.')
    expect(stdout).toMatch(/✔\s+hi there/)
    expect(stdout).toContain('syntax.chaos.ts could not be run')
    expect(code).toBe(1)
  })

  it('refuses the later of two files with one name, whichever loads first', async () => {
    const { stdout, code } = await run('run', 'sound.chaos.ts', 'twin.chaos.ts')
    expect(stdout).toMatch(/✔\s+hi there/)
    expect(stdout.replace(/\s*\n\s*/g, ' ')).toContain(
      'twin.chaos.ts: the scenario\'s name "hi there" is taken by sound.chaos.ts',
    )
    expect(code).toBe(2)
  })

  it('runs scenarios whatever the ending of their files', async () => {
    const { stdout, code } = await run('run', 'endings')
    expect(code, stdout).toBe(0)
    expect(stdout).toContain('3 of 3 scenarios passed')
  })

  it('passes with nothing to run where that was asked for', async () => {
    expect((await run('run', 'empty', '--pass-with-no-scenarios')).code).toBe(0)
  })
})
