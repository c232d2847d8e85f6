/** One more of each kind, as CONTRIBUTING tells how to add it. */
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import type { Edit, Extension } from './extension.js'

/** Where the new files of an extension stand. */
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

export const row = {
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

export const boundary: Extension = {
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
      before: 'instrument: this.tools.instrument,',
      lines: ['      publish: publisher(this, this.tools.current),'],
    },
  ],
}

export const action: Extension = {
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

export const fault: Extension = { folder: fixture('fault'), edits: inCatalogue('teapot', 'tool/teapot') }

export const provider: Extension = {
  folder: fixture('provider'),
  edits: [
    {
      file: 'harness/providers/catalogue.ts',
      before: 'export { anthropic, gemini, openai }',
      lines: ["import { relay } from './relay/index.js'"],
    },
    {
      file: 'harness/providers/catalogue.ts',
      before: 'export const providers: readonly Provider[] = [anthropic, openai, gemini]',
      lines: ['export const providers: readonly Provider[] = [anthropic, openai, gemini, relay]'],
      replaces: true,
    },
  ],
}

export const transport: Extension = {
  folder: fixture('transport'),
  edits: [
    {
      file: 'harness/transports/transports.ts',
      before: "import { socket } from './socket/transport.js'",
      lines: ["import { whole } from './whole/fetch.js'"],
    },
    {
      file: 'harness/transports/transports.ts',
      before: 'export const transports = [memory, socket] as const satisfies readonly Transport[]',
      lines: ['export const transports = [memory, socket, whole] as const satisfies readonly Transport[]'],
      replaces: true,
    },
  ],
}

export const reporter: Extension = {
  folder: fixture('reporter'),
  edits: [
    {
      file: 'reports/catalogue.ts',
      before: ']',
      lines: [
        '  {',
        "    name: 'names',",
        "    summary: 'a line for each scenario',",
        "    file: 'chaos-names.txt',",
        "    load: async () => (await import('./names.js')).names,",
        '  },',
      ],
    },
  ],
}

export const invariant: Extension = {
  folder: fixture('invariant'),
  edits: [
    {
      file: 'harness/invariants/catalogue.ts',
      before: "import { backoffRespected } from './backoff-respected.js'",
      lines: ["import { asksOnce } from './asks-once.js'"],
    },
    { file: 'harness/invariants/catalogue.ts', before: 'secretsNotLeaked(),', lines: ['  asksOnce(),'] },
    {
      file: 'harness/invariants/index.ts',
      before: "export { type BackoffOptions, backoffRespected } from './backoff-respected.js'",
      lines: ["export { asksOnce } from './asks-once.js'"],
    },
  ],
}
