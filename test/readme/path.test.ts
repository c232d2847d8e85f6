/** A stranger's path, step by step: the README's agent, its failure, the repair that the docs show, and the gate that stays green. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { shell } from '../support/cli/command.js'
import { projectFromTarball } from './project.js'
import { snippets, textOf } from './readme.js'

const scenario = 'scenarios/refund.chaos.ts'
let project: string
beforeAll(() => {
  project = projectFromTarball(snippets.filter(({ path }) => path === 'src/agent.ts' || path === scenario))
})

/** By the package that is installed there, so that all it names is of that package. */
const run = (command: string) => {
  const main = join(project, 'node_modules/agent-chaos/dist/harness/cli/main.js')
  return shell(command.replace('npx agent-chaos', `"${process.execPath}" "${main}"`), { cwd: project })
}
const page = textOf('docs/getting-started.md')
const replay = page.match(/^\$ (npx agent-chaos replay .*)$/m)?.[1] ?? ''

/** As a reader does it by hand: each line that goes is replaced by those that stand below it. */
function applyDiffs(): void {
  for (const [, path = '', diff = ''] of page.matchAll(/^```diff title="(.+)"\n([\s\S]*?)^```$/gm)) {
    const file = join(project, path)
    const text = [...diff.matchAll(/^-(.*)\n((?:\+.*\n)+)/gm)].reduce(
      (before, [, gone = '', come = '']) => {
        expect(before, `${path} has no line "${gone}"`).toContain(`${gone}\n`)
        return before.replace(`${gone}\n`, () => come.replaceAll(/^\+/gm, ''))
      },
      readFileSync(file, 'utf8'),
    )
    writeFileSync(file, text)
  }
}

const signaturesOf = ({ stdout }: { readonly stdout: string }) =>
  (JSON.parse(stdout) as Report).scenarios.flatMap(({ violations }) =>
    violations.map(({ invariant, signature }) => `${invariant} ${signature}`),
  )

describe('a stranger', () => {
  it('finds the bug, repairs it as the page says, and keeps the rest out of the way of a gate', async () => {
    const found = await run(`npx agent-chaos run ${scenario} --json -`)
    expect(found.code).toBe(1)
    expect(found.stderr).toMatch(/^Read more in node_modules\/agent-chaos\/docs\/invariants\.md#effects-exactly-once$/m)
    expect((await run(replay)).code).toBe(1)

    applyDiffs()
    const repaired = await run(replay)
    expect(repaired.code, repaired.stdout).toBe(0)
    const left = await run('npx agent-chaos run --known known.json --update-known --json -')
    expect(left.code, left.stderr).toBe(0)
    expect(signaturesOf(found)).toContain('effects-exactly-once duplicated:refund')
    expect(signaturesOf(left)).not.toContain('effects-exactly-once duplicated:refund')
    expect(signaturesOf(left).length).toBeGreaterThan(0)

    const gate = await run('npx agent-chaos run --known known.json --json report.json --quiet')
    expect(gate.code, gate.stdout + gate.stderr).toBe(0)
    const made = await run('npx agent-chaos report report.json --reporter html,junit,markdown')
    expect(made.code, made.stderr).toBe(0)
    expect((await run('npx agent-chaos compare report.json report.json')).code).toBe(0)
  })

  it.each([
    ['a plan that is none', `npx agent-chaos replay ${scenario} --plan 'tol:refund#1'`, 'plans.md'],
    ['an option that is none', 'npx agent-chaos run --sede 1', 'options.md'],
    ['a reporter as an option', 'npx agent-chaos run --junit out.xml', 'options.md'],
    ['a command that is none', 'npx agent-chaos rum', 'reference/command-line.md'],
    ['a name that is none', 'npx agent-chaos explain tool/reply-losst', 'README.md'],
  ])('is told the page that helps with %s, which is there', async (_what, command, helps) => {
    const { code, stderr } = await run(command)
    const path = stderr.match(/^Read more in (.+)$/m)?.[1] ?? ''
    expect([code, path]).toEqual([2, `node_modules/agent-chaos/docs/${helps}`])
    expect(readFileSync(join(project, path), 'utf8')).toMatch(/^# /)
  })

  it.each(['', 'run', 'merge', 'compare', 'report', 'replay', 'pin', 'list', 'explain', 'selftest', 'init'])(
    'is told the page of "agent-chaos %s" by its help',
    async (command) => {
      const { stdout } = await run(`npx agent-chaos ${command} --help`)
      const path = stdout.match(/^Read more in ([^#\n]+)/m)?.[1] ?? ''
      expect(readFileSync(join(project, path), 'utf8')).toMatch(/^# /)
    },
  )
})
