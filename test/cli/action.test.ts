/**
 * Runs the steps of the GitHub Action as a runner would, scripts and conditions as they stand in action.yml, against the
 * build: a run, shards with their merge, a comparison with an earlier result, and the comment.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { main, root } from '../support/cli/command.js'

interface Step {
  readonly id?: string
  readonly name: string
  readonly if?: string
  readonly run: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }[] }
    >
  >
}

const read = <T>(file: string) => parse(readFileSync(join(root, file), 'utf8')) as T
const action = read<Action>('action.yml')
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const violating = 'test/fixtures/traced/untraced.chaos.ts'

afterAll(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly files: (name: string) => string
}

/** Where GitHub's own tool would write to the pull request, its arguments are kept. */
const gh = 'echo "$@" >>"$GH_LOG"\ncase "$*" in *--paginate*) cat "$GH_COMMENTS";; esac'
/** In a project npx starts what is installed. Here it would first install this very checkout, and so build it anew. */
const npx = `[ "$1 $2" = "--no-install agent-chaos" ] || exit 9\nshift 2\nexec "${process.execPath}" "${main}" "$@"`

/** Commands that the steps find before all others. */
function putCommands(bin: string): void {
  mkdirSync(bin, { recursive: true })
  for (const [name, text] of Object.entries({ gh, npx })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
}

function runAction(given: Readonly<Record<string, string>>, event = 'push', comments = ''): Ran {
  const place = mkdtempSync(join(folder, 'run-'))
  const file = (name: string) => join(place, name)
  for (const name of ['summary', 'log']) writeFileSync(file(name), '')
  writeFileSync(file('comments'), comments)
  putCommands(file('bin'))
  const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, { default: value }]) => [name, value]))
  const known: Record<string, string> = { 'github.event_name': event, 'github.event.pull_request.number': '7' }
  for (const [name, value] of Object.entries({ ...defaults, token: 'a token', output: file('out'), ...given })) {
    known[`inputs.${name}`] = value
  }
  const valueAt = (name: string) => known[name] ?? ''
  const fill = (text: string) => text.replace(/\$\{\{ (.+?) \}\}/g, (_, name: string) => valueAt(name))
  const holds = (condition: string) => {
    const terms = condition.split(' && ').map((term) => /^(\S+) (==|!=) '(.*)'$/.exec(term))
    return terms.every((term) => term && (valueAt(term[1] ?? '') === term[3]) === (term[2] === '=='))
  }
  let failed = 0
  let stdout = ''
  for (const step of action.runs.steps) {
    const isDue = step.if === 'always()' || (failed === 0 && (step.if === undefined || holds(step.if)))
    if (!isDue) continue
    writeFileSync(file('output'), '')
    const env = {
      PATH: `${file('bin')}:${process.env.PATH}`,
      HOME: process.env.HOME,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_REPOSITORY: 'us/ours',
      GH_LOG: file('log'),
      GH_COMMENTS: file('comments'),
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, fill(text)])),
    }
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run], {
      cwd: root,
      env,
      encoding: 'utf8',
    })
    stdout += ended.stdout
    if (ended.status !== 0) failed = ended.status ?? 1
    for (const line of readFileSync(file('output'), 'utf8').split('\n')) {
      const [name, ...value] = line.split('=')
      if (name) known[`steps.${step.id}.outputs.${name}`] = value.join('=')
    }
  }
  const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value)]))
  const summary = readFileSync(file('summary'), 'utf8')
  return { code: failed, stdout, outputs, summary, files: (name) => readFileSync(file(name), 'utf8') }
}

describe('the GitHub Action', () => {
  it('runs scenarios, fails as they do, and tells a job, its summary and its diff', () => {
    const { code, stdout, outputs, summary, files } = runAction({ paths: violating, args: '--quiet --trials-max 5' })
    expect(code).toBe(1)
    expect(outputs['exit-code']).toBe('1')
    expect(summary).toMatch(/^<!-- agent-chaos -->\n\n### ❌ agent-chaos: violated/)
    expect(stdout).toMatch(/^::error file=test\/fixtures\/hard\/converse\.ts,line=\d+,/m)
    for (const name of ['out/result.json', 'out/report.html', 'out/junit.xml', 'out/summary.md']) {
      expect(files(name).length, name).toBeGreaterThan(100)
    }
  })

  it('passes where the run passes', () => {
    const { code, outputs, summary } = runAction({ paths: 'scenarios/canaries/retries-a-400.chaos.ts' })
    expect({ code, exit: outputs['exit-code'] }).toEqual({ code: 0, exit: '0' })
    expect(summary).toContain('### ✅ agent-chaos: passed')
  })

  it('takes nothing in its inputs for a command', () => {
    const trap = join(folder, 'trap')
    const { code } = runAction({ paths: `$(touch ${trap}) ;touch ${trap}`, args: '`id`' })
    expect(code).toBe(2)
    expect(existsSync(trap)).toBe(false)
  })

  it('runs shards that say nothing yet, merges them, compares, and writes one comment', () => {
    const shards = join(folder, 'shards')
    for (const shard of ['1/2', '2/2']) {
      const { summary, files } = runAction({ paths: violating, args: '--quiet', shard, output: shards })
      expect(summary).toBe('')
      expect(() => files('out/report.html')).toThrow()
    }
    const given = { merge: shards, base: join(shards, 'result-1.json'), comment: 'true' }
    const first = runAction({ ...given, base: join(folder, 'none.json') }, 'pull_request')
    expect(first.code).toBe(1)
    expect(first.stdout).toContain('nothing to compare with')
    expect(first.files('log')).toContain('--method POST repos/us/ours/issues/7/comments')

    const base = join(folder, 'base.json')
    writeFileSync(base, first.files('out/result.json'))
    const second = runAction({ ...given, base }, 'pull_request', '4711\n')
    expect(second.summary).toContain('### ✅ compared: no regression')
    expect(second.files('log')).toContain('--method PATCH repos/us/ours/issues/comments/4711')
  })
})

describe('the workflow', () => {
  it('gives the action no input that it does not have', () => {
    const { jobs } = read<Workflow>('.github/workflows/chaos.yml')
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses === './'))
    expect(uses.length).toBeGreaterThan(1)
    for (const { with: given = {} } of uses) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)))
    }
  })
})
