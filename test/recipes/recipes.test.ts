/** One more boundary and one more action take what CONTRIBUTING says, and are then known everywhere. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import type { Trace } from '../../harness/contracts/trace.js'
import { agentChaos, root } from '../cli/command.js'
import { type Edit, type Extension, extended, removeCopies, sizeOf } from './extension.js'

/** The sizes that each recipe gives, by its title. */
const told = new Map(
  readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    .split(/^## /m)
    .map((recipe) => [
      recipe.split('\n', 1)[0],
      recipe.match(/\d+ new files? of \d+ lines?, and \d+ lines? in \d+ files?/)?.[0],
    ]),
)
const fixture = (name: string) => join(root, 'test/fixtures/recipes', name)

function inCatalogue(name: string, file: string): Edit[] {
  return [
    {
      file: 'faults/catalogue.ts',
      before: "import type { Fault } from './fault.js'",
      lines: [`import { ${name} } from './${file}.js'`],
    },
    { file: 'faults/catalogue.ts', before: 'cancel,', lines: [`  ${name},`] },
  ]
}

const row = {
  file: 'faults/boundaries.ts',
  before: '} as const satisfies Readonly<Record<string, BoundaryRow>>',
  lines: [
    '  queue: {',
    "    actions: [...anywhere, 'repeat', 'reject', 'drop'],",
    "    nested: 'perhaps',",
    '    asksModel: false,',
    '    runsTool: false,',
    '    isChange: false,',
    '    holdsChanges: true,',
    '    remote: false,',
    '    onlyReads: null,',
    '    span: null,',
    "    lane: 'site',",
    "    example: 'orders',",
    '  },',
  ],
}

const boundary: Extension = {
  folder: fixture('boundary'),
  edits: [
    row,
    ...inCatalogue('duplicate', 'queue/duplicate').map((edit) => ({
      ...edit,
      lines: edit.lines.map((line) =>
        line.replace(/^ {2}duplicate/, '  queueDuplicate').replace('{ duplicate }', '{ duplicate as queueDuplicate }'),
      ),
    })),
    {
      file: 'harness/contracts/agent.ts',
      before: 'export interface AgentContext<State, Tools> {',
      lines: [
        '/** Publishes a message to a queue; `deliver` is what the world does with it. */',
        'export type Publish = (queue: string, message: unknown, deliver: (message: unknown) => unknown) => Promise<unknown>',
        '',
      ],
    },
    {
      file: 'harness/contracts/agent.ts',
      before: "/** Has the agent's own circuit breakers listened to. */",
      lines: ['  readonly publish: Publish'],
    },
    {
      file: 'harness/trial/attempt.ts',
      before: "import { ToolBoundary } from '../boundaries/tool/instrument.js'",
      lines: ["import { publisher } from '../boundaries/queue/publish.js'"],
    },
    {
      file: 'harness/trial/attempt.ts',
      before: 'observe: this.#observation.observe,',
      lines: ['      publish: publisher(this, this.tools.current),'],
    },
  ],
}

const action: Extension = {
  folder: fixture('action'),
  edits: [
    {
      file: 'faults/action.ts',
      before: "/** Another answer of the model's in place of its own. */",
      lines: [
        '  /** Executed, and of a text that is answered only so many characters arrive. */',
        "  | { readonly kind: 'truncate'; readonly characters: number }",
      ],
    },
    {
      file: 'faults/boundaries.ts',
      before: "actions: [...anywhere, 'repeat', 'reject', 'drop', 'late', 'pretend', 'rewrite', 'poison'],",
      lines: [
        "    actions: [...anywhere, 'repeat', 'reject', 'drop', 'late', 'pretend', 'rewrite', 'poison', 'truncate'],",
      ],
      replaces: true,
    },
    {
      file: 'harness/boundaries/calls/carry-out.ts',
      before: "case 'pretend':",
      lines: [
        "    case 'truncate': {",
        '      const result = await deliver()',
        "      return (typeof result === 'string' ? result.slice(0, ending.characters) : result) as R",
        '    }',
      ],
    },
    ...inCatalogue('cutShort', 'tool/cut-short'),
  ],
}

/** The compiler's complaints about the package with the extensions, each in a line. */
function complaintsOf(extensions: readonly Extension[]): string[] {
  try {
    extended(extensions)
    return []
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line.includes('error TS'))
  }
}

let copy: string
let command: string

beforeAll(() => {
  copy = extended([boundary, action])
  command = join(copy, 'dist/harness/cli/main.js')
})

afterAll(removeCopies)

describe('the recipe for a boundary', () => {
  it('says how many files and lines it takes', () => {
    expect(told.get('A new boundary')).toBe(sizeOf(boundary))
  })

  it('makes one that is searched, shrunk and drawn as any other', async () => {
    const args = ['run', 'queue.chaos.ts', '--json', 'report.json', '--reporter', 'html=page.html']
    const { code } = await agentChaos(args, { cwd: copy, command })
    expect(code).toBe(1)
    const [scenario] = (JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8')) as Report).scenarios
    expect(scenario?.violations.map(({ invariant, trial }) => [invariant, trial.plan])).toEqual([
      ['received-once', 'queue:orders#1 = queue/duplicate'],
    ])
    // What befalls the caller whatever is called strikes here too, with no further line.
    const landed = scenario?.coverage.filter(({ landed }) => landed > 0).map(({ site, fault }) => `${site} ${fault}`)
    expect(landed?.sort()).toEqual([
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
  it('says how many files and lines it takes', () => {
    expect(told.get('A new action')).toBe(sizeOf(action))
  })

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
