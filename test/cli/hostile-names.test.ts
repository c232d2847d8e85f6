/**
 * Names that somebody chose to do harm, of files, scenarios, tools and intents: nothing is written outside the folders that it belongs
 * to, and each command that is printed does what it says, or the name is refused.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { reporters } from '../../reports/index.js'
import { agentChaos, type Ended, shell } from '../support/cli/command.js'
import { filesIn, type Made, makeNames, names } from '../support/cli/names.js'

/** What no terminal shows, so that no command with it could be typed. */
const unseen = ['is two lines', 'clears the terminal', 'is written from right to left']
/** Node and jiti take a backslash for a slash. */
const unloadable = ['ends a quotation']
/** A terminal shows the beginning of it. */
const tooLong = 'is very long'
const all = Object.keys(names)

/** Deep enough for names that lead up to stay in it. */
const top = mkdtempSync(join(tmpdir(), 'agent-chaos-names-'))
const folder = join(top, 'a/b/c/d/project')
const outputs = reporters.map(({ name }) => `out/${name}`)
let made: Made
let before: readonly string[]
let ended: Ended
let report: Report

const violationsOf = (what: string) => report.scenarios.find(({ name }) => name === names[what])?.violations ?? []
const commandsOf = (what: string) => violationsOf(what).map(({ environment }) => environment.command)

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  made = makeNames(folder, [...unseen, ...unloadable])
  before = filesIn(top)
  const chosen = reporters.flatMap(({ name }) => ['--reporter', `${name}=out/${name}`])
  const args = ['run', '.', '--no-config', '--no-measure', '--failures', 'failures.json', '--json', 'report.json']
  ended = await agentChaos([...args, '--otlp', 'traces.json', ...chosen], { cwd: folder })
  report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
})

describe('names that are to do harm', () => {
  it('are all tried, and whatever can be run is found out', () => {
    expect(ended.code, ended.stderr).toBe(1)
    for (const what of all)
      expect([what, violationsOf(what).map(({ signature }) => signature)]).toEqual([
        what,
        ['duplicated:pay', 'duplicated:ship'],
      ])
    expect(report.scenarios).toHaveLength(all.length)
  })

  it('have nothing written but what was asked for, where it was asked for', () => {
    const written = filesIn(top).filter((file) => !before.includes(file))
    const asked = ['failures.json', 'report.json', 'traces.json', ...outputs]
    expect(written.sort()).toEqual(asked.map((file) => `a/b/c/d/project/${file}`).sort())
  })

  it('of files are refused where no command could name them', () => {
    const failed = new Map(report.failures.map(({ environment, message }) => [environment.file, message]))
    for (const what of unseen)
      expect(failed.get(made.refused.get(what) ?? ''), what).toMatch(
        /^the path of a scenario .*no marks that nobody sees, got "/,
      )
    for (const what of unloadable)
      expect(failed.get(made.refused.get(what) ?? ''), what).toMatch(/^could not be loaded/)
    expect(failed.size).toBe(unseen.length + unloadable.length)
  })

  it('stand in commands that replay what was found, as they are printed', async () => {
    const had = filesIn(top)
    for (const what of all) {
      const commands = commandsOf(what)
      if (what !== tooLong) expect(ended.stdout.split('\n'), what).toEqual(expect.arrayContaining(commands))
      for (const { code, stdout, stderr } of await Promise.all(commands.map((one) => shell(one, { cwd: folder })))) {
        expect([what, code], stderr).toEqual([what, 1])
        expect(stdout, what).toContain('effects-exactly-once: violated')
      }
    }
    expect(filesIn(top)).toEqual(had)
    expect(existsSync('/tmp/agent-chaos-outside')).toBe(false)
  })

  it('have their pinned tests beside their files', async () => {
    const had = filesIn(top)
    for (const what of all) {
      const { code, stderr } = await shell(commandsOf(what)[0]?.replace('replay', 'pin') ?? '', { cwd: folder })
      expect([what, code], stderr).toEqual([what, 0])
    }
    const written = filesIn(top).filter((file) => !had.includes(file))
    const stems = all.map((what) => made.files.get(what)?.replace(/\.chaos\.ts$/, ''))
    expect(written.sort()).toEqual(stems.map((stem) => `a/b/c/d/project/${stem}.effects-exactly-once.test.ts`).sort())
  })

  it('of invariants lead a pinned test to no other folder', async () => {
    const file = join(folder, 'own.chaos.ts')
    const text = readFileSync(join(folder, made.files.get('is a device') ?? ''), 'utf8')
    const own = `{ name: '../../../owned', kind: 'safety', check: (trace) => {
      const at = trace.events.findIndex(({ kind }) => kind === 'fault')
      return at < 0 ? { kind: 'held' } : { kind: 'violated', signature: 's', story: 's', evidence: [at] }
    } }`
    const options = `without: ['effects-exactly-once'],\n  invariants: [${own}],\n  faults:`
    writeFileSync(file, text.replace('faults:', options))
    const had = filesIn(top)
    const { code, stderr } = await agentChaos(['pin', file, '--plan', 'tool:CON#1 = tool/reply-lost'], { cwd: folder })
    expect(code, stderr).toBe(0)
    const written = filesIn(top).filter((one) => !had.includes(one))
    expect(written).toEqual(['a/b/c/d/project/own...-..-..-owned.test.ts'])
  })
})
