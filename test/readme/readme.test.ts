/** The README is executed: its snippets in a project made from the packed tarball, its commands with their output. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../faults/catalogue.js'
import { decodePlan } from '../../faults/plan/notation.js'
import type { SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { root, shell } from '../support/cli/command.js'
import { linkAll, packedFiles, projectFromTarball } from './project.js'
import { plans, readme, sessions, snippets, timeless } from './readme.js'

const run = promisify(execFile)
let project: string

/** Beside the README's snippets: what it names and does not show. */
const campaign = {
  path: 'test/campaign.test.ts',
  text: `
import { runCampaign } from 'agent-chaos'
import { expect, test } from 'vitest'

test('runs scenario files in worker processes', async () => {
  const report = await runCampaign({ files: [new URL('../scenarios/refund.chaos.ts', import.meta.url).pathname] })
  expect([report.exitCode, report.failures]).toEqual([1, []])
}, 60_000)
`,
}

beforeAll(() => {
  project = projectFromTarball([...snippets, campaign])
})

describe('the README', () => {
  it('shows commands and snippets', () => {
    expect(sessions.length).toBeGreaterThanOrEqual(2)
    expect(snippets.length).toBeGreaterThanOrEqual(4)
    expect(plans.length).toBeGreaterThanOrEqual(5)
  })

  it.each(sessions)('prints what "$command" really prints', async ({ command, output }) => {
    const ended = await shell(command, { cwd: project })
    expect(timeless(ended.stdout)).toBe(timeless(output))
  })

  it.each(plans)('shows a plan that parses: %s', (plan) => {
    expect(decodePlan(plan, catalogue)).toMatchObject({ kind: 'plan' })
  })

  it('has snippets that pass as the tests of a project with the package installed', async () => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    for (const pool of ['forks', 'threads']) {
      const { stdout } = await run(process.execPath, [vitest, 'run', '--pool', pool, '--testTimeout', '60000'], {
        cwd: project,
        env: { ...process.env, NO_COLOR: '1', CI: '1' },
      })
      expect(stdout).toMatch(/Tests\s+4 passed/)
    }
  })

  it('has snippets that type-check against the published types', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const files = snippets.map(({ path }) => path).filter((path) => existsSync(join(project, path)))
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'NodeNext',
      '--target',
      'ES2022',
      '--skipLibCheck',
      '--types',
      'node',
    ]
    const { stdout } = await run(process.execPath, [tsc, ...options, ...files], { cwd: project })
    expect(stdout).toBe('')
  })

  it('is right about the fault that CONTRIBUTING quotes', () => {
    const quoted = readFileSync(join(root, 'faults/tool/bad-request.ts'), 'utf8')
    expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(quoted)
  })

  it('names only files that are there', () => {
    for (const [, path] of readme.matchAll(/\]\(([^)#]+)\)/g))
      expect(existsSync(join(root, path ?? '')), path).toBe(true)
  })
})

describe('the package', () => {
  it('tests itself where it is installed, once what its agents need is there too', async () => {
    const main = join(project, 'node_modules/agent-chaos/dist/harness/cli/main.js')
    const selftest = `"${process.execPath}" "${main}" selftest -t key --trials 60 --json -`
    const refused = await shell(selftest, { cwd: project })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    const named = refused.stderr.match(/npm install --save-dev (.*)$/m)?.[1]?.match(/[^' ]+(?=@)/g) ?? []
    expect(named).toContain('cockatiel')
    linkAll(join(project, 'node_modules'), named)
    const passed = await shell(selftest, { cwd: project })
    const { verdict, bugs, totals } = JSON.parse(passed.stdout) as SelftestReport
    expect([verdict, passed.code]).toEqual(['passed', 0])
    expect(totals).toMatchObject({ found: bugs.length, agents: bugs.length, trials: 60, alarms: 0 })
    expect(bugs.map(({ environment }) => environment.file)).toContain(
      'node_modules/agent-chaos/scenarios/canaries/no-idempotency-key.chaos.ts',
    )
  })

  it('holds the build, its types, the schemas and the scenarios of the selftest, and nothing of the workshop', () => {
    const files = packedFiles()
    for (const file of [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/report.schema.json',
      'dist/selftest.schema.json',
      'scenarios/refund.chaos.ts',
      'scenarios/canaries/no-idempotency-key.chaos.ts',
      'scenarios/planted/check-then-act.ts',
      'dist/harness/index.d.ts',
    ]) {
      expect(files).toContain(file)
    }
    const known = /^(dist\/|scenarios\/.*\.ts$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/
    expect(files.filter((file) => !known.test(file))).toEqual([])
    expect(files.filter((file) => /^dist\/.*(?<!\.d)\.ts$/.test(file))).toEqual([])
  })
})
