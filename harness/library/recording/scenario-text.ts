/** The scenario that `record` writes: it runs as it is. */
import { basename, dirname, relative, sep } from 'node:path'

export interface RecordedScenario {
  readonly name: string
  readonly task: string
  /** Absolute paths. */
  readonly file: string
  readonly recording: string
  readonly agent: { readonly file: string; readonly export: string; readonly takes: 'task' | 'context' }
}

export function scenarioText({ name, task, file, recording, agent }: RecordedScenario): string {
  const isDefault = agent.export === 'default'
  const local = isDefault ? 'agent' : agent.export
  const imported = isDefault ? local : `{ ${local} }`
  const called = agent.takes === 'task' ? `({ task }) => ${local}(task)` : local
  return `${[
    "import { defineScenario, recordingIn } from 'agent-chaos'",
    `import ${imported} from ${quote(importPath(file, agent.file))}`,
    '',
    'export default defineScenario({',
    `  name: ${quote(name)},`,
    `  task: ${quote(task)},`,
    '  // Model and services answer as they did when the agent ran for real. State, world, goal and intents come from there too;',
    '  // what you write behind it takes the place of its own.',
    `  ...recordingIn(new URL(${quote(`./${basename(recording)}`)}, ${here})),`,
    called === 'agent' ? '  agent,' : `  agent: ${called},`,
    '})',
  ].join('\n')}\n`
}

/** In pieces, for the build puts a module's own place where it finds the whole. */
const here = ['import.meta', 'url'].join('.')

/** As a module of TypeScript is imported: by what it becomes. */
function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join('/')
  return (path.startsWith('.') ? path : `./${path}`).replace(/\.([cm]?)tsx?$/, '.$1js')
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
