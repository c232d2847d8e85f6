/** Proves that CommonJS gets the package: the same modules as `import` does, and its types. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/cli/command.js'

const scenario = `
const scenario = defineScenario({
  name: 'look',
  task: 'Look.',
  world: () => ({ tools: { look: async () => 'nobody' } }),
  model: script([say('unused')]),
  invariants: [terminates()],
  agent: ({ tools }) => tools.look(),
  goal: () => true,
})`

let cwd: string

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-required-'))
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(root, join(cwd, 'node_modules/agent-chaos'))
  symlinkSync(join(root, 'node_modules/@types'), join(cwd, 'node_modules/@types'))
  writeFileSync(join(cwd, 'package.json'), '{"type":"commonjs"}')
})

function node(...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe('a CommonJS project', () => {
  it('requires the modules that import gives, and runs a trial with them, without a warning', () => {
    writeFileSync(
      join(cwd, 'use.js'),
      `const { defineScenario, runTrial, say, script, UserError } = require('agent-chaos')
      const { terminates } = require('agent-chaos/invariants')
      ${scenario}
      runTrial(scenario).then(async ({ trace }) => {
        const imported = await import('agent-chaos')
        console.log(trace.claim, imported.UserError === UserError)
      })`,
    )
    expect(node('use.js')).toEqual({ status: 0, output: 'success true\n' })
  })

  it('can require every entry but the one for Vitest, which cannot be required itself', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
    const entries = Object.keys(exports).filter((entry) => entry !== './vitest')
    const names = entries.map((entry) => `agent-chaos${entry.slice(1)}`)
    writeFileSync(join(cwd, 'all.js'), names.map((name) => `require('${name}')`).join('\n'))
    expect(node('all.js')).toEqual({ status: 0, output: '' })
    expect(names.length).toBeGreaterThan(8)
  })

  it.each(['node16', 'nodenext'])('has the types as %s resolves them, in every declaration', (module) => {
    writeFileSync(
      join(cwd, 'use.ts'),
      `import { defineScenario, runTrial, say, script, type Trial, UserError } from 'agent-chaos'
      import { terminates } from 'agent-chaos/invariants'
      ${scenario}
      export const digest = async (): Promise<string> => {
        const trial: Trial = await runTrial(scenario)
        const error: UserError = new UserError('x')
        return trial.digest + error.message
      }
      // @ts-expect-error
      runTrial(1)`,
    )
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom', '--types', 'node']
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const asked = node(compiler, ...options, '--skipLibCheck', 'false', '--module', module, 'use.ts')
    expect(asked).toEqual({ status: 0, output: '' })
  })
})
