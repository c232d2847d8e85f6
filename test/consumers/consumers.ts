/**
 * Kinds of project that strangers have: their modules, their language and their test runner, with one test that is to pass, one
 * that is to fail, and what the runner says of both.
 */

import { firstScenario } from '../../harness/cli/init/first-scenario.js'

/** What a runner needs beside its package. */
export interface Consumer {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** The scenario that `init` writes there. */
  readonly scenario: string
  /** The command of the runner: a package, and what follows; `node` is Node itself. */
  readonly command: readonly [program: string, ...args: string[]]
  /** By what its output tells that one test passed and one failed. */
  readonly tells: readonly RegExp[]
  /** Where the scenario stands, in a project of several packages; and those by their names, as npm links them. */
  readonly within?: string
  readonly packages?: Readonly<Record<string, string>>
  /** What its owner makes of the scenario that `init` wrote. */
  readonly edit?: (text: string) => string
  /** How the violation is told of, beside its name. */
  readonly place?: RegExp
  /** It needs what is installed for it by night, or takes longer than CI has. */
  readonly nightly?: true
}

/** Another scenario, of an agent that is never struck where it is weak. */
export const fixedFrom = (text: string) => text.replace("name: 'first',", "name: 'fixed',\n  faults: ['tool/slow'],")

const manifest = (type: 'module' | 'commonjs', rest: object = {}) =>
  JSON.stringify({ name: 'shop', private: true, type, ...rest })

/** Two tests, by the functions that the runner has. */
const tests = (head: string, scenario: (name: string) => string, expected = '') => `${head}
test('holds', async () => {
  await assertResilient(${scenario('fixed')}, { trialsMax: 30 })
})
test('breaks', async () => {
  const trial = await runTrial(${scenario('first')}, { plan: 'tool:refund#1 = tool/reply-lost' })
  if (trial.state.refunded !== 8400) throw new Error('the state did not come: ' + JSON.stringify(trial.state))
  await assertResilient(${scenario('first')}, { trialsMax: 30 })
})
${expected}`

const url = (ending: string) => (name: string) => `new URL('./scenarios/${name}.chaos.${ending}', import.meta.url)`
const path = (ending: string) => (name: string) =>
  `require('node:path').join(__dirname, 'scenarios/${name}.chaos.${ending}')`
const importOf = (ending: string) =>
  `import first from './scenarios/first.chaos.${ending}'\nimport fixed from './scenarios/fixed.chaos.${ending}'\n`
const itself = (name: string) => name

const esm = "import { assertResilient, runTrial } from 'agent-chaos'\n"
const cjs = "const { assertResilient, runTrial } = require('agent-chaos')\n"
const typed = { devDependencies: { typescript: '*' } }
/** The small agent of the scenario that `init` writes, as a package of its own; and the scenario that imports it. */
const small = / {2}agent: (async \([\s\S]*?\n {2}\}),\n/
const agentSource = (() => {
  const [, text = ''] = small.exec(firstScenario({ typescript: true, agent: undefined })) ?? []
  const types = 'interface Work { task: string; tools: { refund(input: never): Promise<string> } }\n'
  return `${types}export const refundAgent = ${text.replace('{ task, tools }', '{ task, tools }: Work')}\n`
})()
const importAgent = (text: string) =>
  `import { refundAgent } from '@shop/agent'\n${text.replace(small, '  agent: refundAgent,\n')}`

const vmThreads = "export default { test: { pool: 'vmThreads' } }\n"

export const consumers: readonly Consumer[] = [
  {
    name: 'an npm workspace, TypeScript sources across packages, Vitest',
    files: {
      'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['packages/*'] }),
      'tsconfig.json': JSON.stringify({
        files: [],
        references: [{ path: 'packages/agent' }, { path: 'packages/chaos' }],
      }),
      'packages/agent/package.json': manifest('module', {
        name: '@shop/agent',
        exports: './src/agent.ts',
      }),
      'packages/agent/tsconfig.json': JSON.stringify({ compilerOptions: { composite: true, strict: true } }),
      // TypeScript has people import it by what it becomes.
      'packages/agent/src/agent.ts': "export { refundAgent } from './loop.js'\n",
      'packages/agent/src/loop.ts': agentSource,
      'packages/chaos/package.json': manifest('module', { ...typed, dependencies: { '@shop/agent': '*' } }),
      'packages/chaos/tsconfig.json': JSON.stringify({ references: [{ path: '../agent' }] }),
      'packages/chaos/refund.test.ts': tests(
        `${esm}${importOf('js')}import 'agent-chaos/vitest'\nimport { test } from 'vitest'\n`,
        itself,
      ).replace('trial.state.refunded', '(trial.state as { refunded: number }).refunded'),
    },
    within: 'packages/chaos',
    packages: { '@shop/agent': 'packages/agent' },
    edit: importAgent,
    scenario: 'first.chaos.ts',
    place: /at {6}\S+\/packages\/agent\/src\/loop\.ts:\d+/,
    command: ['vitest', 'run'],
    tells: [/✓ holds/, /1 failed \| 1 passed/, /effects-exactly-once/],
  },
  {
    name: 'Jest, ES modules, the scenario itself',
    files: {
      'package.json': manifest('module', { jest: { transform: {} } }),
      'refund.test.js': tests(`${esm}${importOf('mjs')}`, itself),
    },
    scenario: 'first.chaos.mjs',
    command: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    tells: [/✓ holds/, /✕ breaks/, /effects-exactly-once/],
  },
  {
    name: 'Jest, ES modules, a URL',
    files: {
      'package.json': manifest('module', { jest: { transform: {} } }),
      'refund.test.js': tests(`import { test } from '@jest/globals'\n${esm}`, url('mjs')),
    },
    scenario: 'first.chaos.mjs',
    command: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    tells: [/✓ holds/, /✕ breaks/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Jest, CommonJS, a path',
    files: { 'package.json': manifest('commonjs'), 'refund.test.js': tests(cjs, path('mjs')) },
    scenario: 'first.chaos.mjs',
    command: ['jest'],
    tells: [/✓ holds/, /✕ breaks/, /first broke|effects-exactly-once/],
  },
  {
    name: 'Mocha, ES modules, a URL',
    files: {
      'package.json': manifest('module'),
      'test/refund.spec.js': tests(`${esm}const test = (name, run) => it(name, run).timeout(0)\n`, (name) =>
        url('mjs')(name).replace('./', '../'),
      ),
    },
    scenario: 'first.chaos.mjs',
    command: ['mocha', 'test/refund.spec.js'],
    tells: [/✔ holds/, /1 passing/, /1 failing/, /effects-exactly-once/],
  },
  {
    name: 'Mocha, ES modules, the scenario itself',
    files: {
      'package.json': manifest('module'),
      'refund.spec.js': tests(`${esm}${importOf('mjs')}const test = (name, run) => it(name, run).timeout(0)\n`, itself),
    },
    scenario: 'first.chaos.mjs',
    command: ['mocha', 'refund.spec.js'],
    tells: [/✔ holds/, /1 passing/, /1 failing/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Vitest with vmThreads, TypeScript, the scenario itself',
    files: {
      'package.json': manifest('module', typed),
      'vitest.config.ts': vmThreads,
      'refund.test.ts': tests(
        `${esm}${importOf('js')}import 'agent-chaos/vitest'\nimport { test } from 'vitest'\n`,
        itself,
      ).replace('trial.state.refunded', '(trial.state as { refunded: number }).refunded'),
    },
    scenario: 'first.chaos.ts',
    command: ['vitest', 'run'],
    tells: [/✓ holds/, /breaks/, /1 failed \| 1 passed/, /effects-exactly-once/],
  },
  {
    name: 'node:test, ES modules, in process',
    files: {
      'package.json': manifest('module'),
      'refund.test.js': tests(`${esm}${importOf('mjs')}import { test } from 'node:test'\n`, itself),
    },
    scenario: 'first.chaos.mjs',
    command: ['node', '--test', '--test-reporter=spec'],
    tells: [/✔ holds/, /✖ breaks/, /pass 1/, /fail 1/, /effects-exactly-once/],
  },
  {
    name: 'node:test, CommonJS, a path',
    files: {
      'package.json': manifest('commonjs'),
      'refund.test.js': tests(`${cjs}const { test } = require('node:test')\n`, path('mjs')),
    },
    scenario: 'first.chaos.mjs',
    command: ['node', '--test', '--test-reporter=spec'],
    tells: [/✔ holds/, /✖ breaks/, /pass 1/, /fail 1/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Vitest, ES modules, JavaScript, in process',
    files: {
      'package.json': manifest('module'),
      'refund.test.js': tests(
        `${esm}${importOf('mjs')}import 'agent-chaos/vitest'\nimport { test } from 'vitest'\n`,
        itself,
      ),
    },
    scenario: 'first.chaos.mjs',
    command: ['vitest', 'run'],
    tells: [/✓ holds/, /1 failed \| 1 passed/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Jest with ts-jest, TypeScript, CommonJS, the scenario itself',
    files: {
      'package.json': manifest('commonjs', {
        ...typed,
        jest: { transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] } },
      }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'commonjs',
          target: 'es2022',
          esModuleInterop: true,
          strict: true,
          types: [],
          ignoreDeprecations: '6.0',
        },
      }),
      'refund.test.ts': tests(`${esm}${importOf('ts').replaceAll('.ts', '')}`, itself),
    },
    scenario: 'first.chaos.ts',
    command: ['jest'],
    tells: [/✓ holds/, /✕ breaks/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Mocha with tsx, TypeScript, ES modules, a URL',
    files: {
      'package.json': manifest('module', typed),
      'refund.spec.ts': tests(
        `${esm}const test = (name: string, run: () => Promise<void>) => it(name, run).timeout(0)\n`,
        url('ts'),
      ),
    },
    scenario: 'first.chaos.ts',
    command: ['node', '--import', 'tsx', 'node_modules/mocha/bin/mocha.js', 'refund.spec.ts'],
    tells: [/✔ holds/, /1 passing/, /1 failing/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Bun, TypeScript, the scenario itself',
    files: {
      'package.json': manifest('module', typed),
      'refund.test.ts': tests(`${esm}${importOf('ts')}import { test } from 'bun:test'\n`, itself),
    },
    scenario: 'first.chaos.ts',
    command: ['bun', 'test'],
    tells: [/\(pass\) holds/, /\(fail\) breaks/, /effects-exactly-once/],
    nightly: true,
  },
  {
    name: 'Deno, TypeScript, a URL',
    files: {
      'package.json': manifest('module', typed),
      'deno.json': '{}',
      'refund_test.ts': tests(`${esm}const { test } = Deno\n`, url('ts')),
    },
    scenario: 'first.chaos.ts',
    command: ['deno', 'test', '--no-check', '--node-modules-dir=manual', '-A'],
    tells: [/holds \.\.\. .*ok/, /breaks \.\.\. .*FAILED/, /effects-exactly-once/],
    nightly: true,
  },
]
