/** README and docs are executed: their snippets in a project made from the packed tarball, their commands with their output. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../faults/catalogue.js'
import { decodePlan } from '../../faults/plan/notation.js'
import type { SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { root, shell } from '../support/cli/command.js'
import { linkAll, packedFiles, projectFromTarball } from './project.js'
import { pages, plans, sessions, snippets, textOf, versionless } from './readme.js'

const run = promisify(execFile)
let project: string

/** Beside the snippets: what the pages name and do not show. */
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

describe('README and docs', () => {
  it('show commands and snippets', () => {
    expect(sessions.length).toBeGreaterThanOrEqual(2)
    expect(snippets.length).toBeGreaterThanOrEqual(4)
    expect(plans.length).toBeGreaterThanOrEqual(5)
  })

  it.each(sessions)('print what "$command" really prints', async ({ command, output }) => {
    const ended = await shell(command, { cwd: project })
    expect(versionless(ended.stdout)).toBe(versionless(output))
  })

  it.each(plans)('show a plan that parses: %s', (plan) => {
    expect(decodePlan(plan, catalogue)).toMatchObject({ kind: 'plan' })
  })

  it('have snippets that pass as the tests of a project with the package installed', async () => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    for (const pool of ['forks', 'threads']) {
      const { stdout } = await run(process.execPath, [vitest, 'run', '--pool', pool, '--testTimeout', '60000'], {
        cwd: project,
        env: { ...process.env, NO_COLOR: '1', CI: '1' },
      })
      expect(stdout).toMatch(/Tests\s+6 passed/)
    }
  })

  it('have snippets that type-check against the published types', async () => {
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

  it('are right about the fault that CONTRIBUTING quotes', () => {
    const quoted = readFileSync(join(root, 'faults/tool/bad-request.ts'), 'utf8')
    expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(quoted)
  })

  it.each(pages)('name only files and headings that are there: $file', ({ file, text }) => {
    for (const [, path = '', heading] of text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const target = path === '' ? file : join(dirname(file), path)
      expect(existsSync(join(root, target)), `${file}: ${path}`).toBe(true)
      if (heading !== undefined) expect(headingsOf(textOf(target)), `${file}: #${heading}`).toContain(heading)
    }
  })

  it('greet with a page of a screen and a half', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(150)
  })
})

/** As GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

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
      'docs/README.md',
      'dist/config.schema.json',
      'dist/report.schema.json',
      'dist/selftest.schema.json',
      'scenarios/refund.chaos.ts',
      'scenarios/canaries/no-idempotency-key.chaos.ts',
      'scenarios/planted/check-then-act.ts',
      'dist/harness/index.d.ts',
    ]) {
      expect(files).toContain(file)
    }
    const known =
      /^(dist\/|scenarios\/.*\.ts$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$|SECURITY\.md$|docs\/.*\.md$)/
    expect(files.filter((file) => !known.test(file))).toEqual([])
    expect(files.filter((file) => /^dist\/.*(?<!\.d)\.ts$/.test(file))).toEqual([])
  })
})
