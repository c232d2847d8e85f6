/** One more of each kind takes what CONTRIBUTING says, and is then known everywhere. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import type { Trace } from '../../harness/contracts/trace.js'
import { agentChaos, root } from '../support/cli/command.js'
import { type Extension, extend, removeCopies, sizeOf } from './extension.js'
import { action, boundary, fault, invariant, provider, reporter, row, transport } from './extensions.js'

const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
/** The sizes that each recipe gives, by its title. */
const reported = new Map(
  contributing
    .split(/^## /m)
    .map((recipe) => [
      recipe.split('\n', 1)[0],
      recipe.match(/\d+ new files? of \d+ lines?, and \d+ lines? in \d+ files?/)?.[0],
    ]),
)
/** The compiler's complaints about the package with the extensions, each in a line. */
function complaintsOf(extensions: readonly Extension[]): string[] {
  try {
    extend(extensions)
    return []
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line.includes('error TS'))
  }
}

let copy: string
let command: string

beforeAll(() => {
  copy = extend([boundary, action, fault, provider, transport, reporter, invariant])
  command = join(copy, 'dist/harness/cli/main.js')
})

afterAll(removeCopies)

const recipes = {
  'A new fault': fault,
  'A new action': action,
  'A new boundary': boundary,
  'A new provider': provider,
  'A new transport': transport,
  'A new reporter': reporter,
  'A new invariant': invariant,
}

it.each(Object.entries(recipes))('"%s" says how many files and lines it takes', (title, extension) => {
  expect(reported.get(title)).toBe(sizeOf(extension))
})

describe('the recipe for a boundary', () => {
  it('makes one that is searched, shrunk and drawn as any other', async () => {
    const args = ['run', 'queue.chaos.ts', '--json', 'report.json', '--reporter', 'html=page.html']
    const { code } = await agentChaos(args, { cwd: copy, command })
    expect(code).toBe(1)
    const [scenario] = (JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8')) as Report).scenarios
    expect(scenario?.violations.map(({ invariant }) => invariant)).toEqual(['received-once'])
    expect(scenario?.violations[0]?.also.map(({ plan }) => plan)).toContain('queue:orders#1 = queue/duplicate')
    // What happens to the caller whatever is called strikes here too, with no further line.
    const landed = scenario?.coverage.filter(({ landed }) => landed > 0).map(({ site, fault }) => `${site} ${fault}`)
    expect([...new Set(landed)].sort()).toEqual([
      'queue:orders clock/jump',
      'queue:orders process/cancel',
      'queue:orders process/crash',
      'queue:orders queue/duplicate',
    ])
    expect(readFileSync(join(copy, 'page.html'), 'utf8')).toContain('lane-queue')
  })

  it('makes one that is explained', async () => {
    const { stdout } = await agentChaos(['explain', 'queue/duplicate'], { cwd: copy, command })
    expect(stdout).toContain('queue:orders#1 = queue/duplicate')
  })
})

describe('the recipe for an action', () => {
  it('makes one that a fault can ask for and that a trial carries out', async () => {
    const args = ['replay', 'look.chaos.ts', '--plan', 'tool:look#1 = tool/cut-short', '--json', '-']
    const { stdout } = await agentChaos(args, { cwd: copy, command })
    const { trace } = JSON.parse(stdout) as { readonly trace: Trace }
    expect(trace.events).toContainEqual(expect.objectContaining({ kind: 'claim', result: '"It was a"' }))
  })
})

it('has the compiler say which boundary lists an action that its interpreter does not carry out', () => {
  const lists = row.lines.map((line) => line.replace("'drop'", "'drop', 'cut'"))
  const boundaryBeyond = boundary.edits.map((edit) => (edit === row ? { ...row, lines: lists } : edit))
  const actionUntaught = action.edits.filter(({ file }) => !file.endsWith('carry-out.ts'))
  expect(
    complaintsOf([
      { ...boundary, edits: boundaryBeyond },
      { ...action, edits: actionUntaught },
    ]),
  ).toEqual(
    [/^harness\/boundaries\/calls\/carry-out\.ts/, /^harness\/boundaries\/queue\/publish\.ts/].map((file) =>
      expect.stringMatching(file),
    ),
  )
})

describe('the recipe for a scenario', () => {
  const fixture = 'test/fixtures/recipes/scenario/parcel.chaos.ts'

  it('says how many lines it takes', () => {
    const lines = readFileSync(join(root, fixture), 'utf8').trimEnd().split('\n').length
    expect(contributing).toContain(`1 new file of ${lines} lines, the agent included.`)
  })

  it('makes one that passes, and puts its own invariants to the test', async () => {
    const { code } = await agentChaos(['run', fixture, '--json', join(copy, 'parcel.json')])
    expect(code).toBe(0)
    const [scenario] = (JSON.parse(readFileSync(join(copy, 'parcel.json'), 'utf8')) as Report).scenarios
    const held = scenario?.invariants.filter(({ verdict }) => verdict === 'held').map(({ name }) => name)
    expect(held).toEqual(
      expect.arrayContaining(['effects-exactly-once', 'idempotency-keys-disciplined', 'permanent-errors-not-retried']),
    )
  })
})

describe('the other recipes', () => {
  it('make a fault that can be asked for and explained', async () => {
    const { stdout } = await agentChaos(['explain', 'tool/teapot'], { cwd: copy, command })
    expect(stdout).toContain('in conflict with itself')
  })

  it('make a provider that agents find by its name, and whose model answers', async () => {
    const { code, stdout } = await agentChaos(['replay', 'relayed.chaos.ts', '--json', '-'], { cwd: copy, command })
    expect(code).toBe(0)
    const { trace } = JSON.parse(stdout) as { readonly trace: Trace }
    const asked = trace.events.flatMap((event) => (event.kind === 'call' ? [event.request] : []))
    expect(asked).toEqual([expect.objectContaining({ kind: 'model', provider: 'relay' })])
    expect(trace.spend.usd).toBeGreaterThan(0)
  })

  it('make a transport that takes the requests of its clients', async () => {
    const { code, stdout } = await agentChaos(['replay', 'whole.chaos.ts', '--json', '-'], { cwd: copy, command })
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as { readonly trace: Trace }).trace.goal).toBe(true)
  })

  it('make a reporter and an invariant that the command knows', async () => {
    const listed = await agentChaos(['list', '--invariants'], { cwd: copy, command })
    expect(listed.stdout).toContain('asks-once')
    await agentChaos(['run', 'whole.chaos.ts', '--reporter', 'names=names.txt'], { cwd: copy, command })
    expect(readFileSync(join(copy, 'names.txt'), 'utf8')).toMatch(/^\w+ whole\n$/)
  })
})
