/**
 * Strangers who have an agent and nothing else, one for each kind of project; and their way to its first true violation, by
 * nothing but what the command itself says. Each command that they type and each file that they edit is counted.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ended } from '../support/cli/command.js'
import { commandOf, run } from './project.js'

export interface Stranger {
  readonly name: string
  /** What is there before: the manifest and the agent. */
  readonly files: Readonly<Record<string, string>>
  readonly agent: string
  /** A test of the project's own runner, around the line that `init` says. */
  readonly test: { readonly file: string; readonly head: string; readonly end?: string }
  /** The runner: a package, and what follows; `node` is Node itself. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly tells: readonly RegExp[]
}

const withType = (type: string) => type
const withoutType = () => ''

/** With the mistake of trying again without a key. */
const agentBody = (text: (type: string) => string) => `
async function ask(messages${text(': object[]')}) {
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'none', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 64, messages, tools: [{ name: 'refund', input_schema: { type: 'object' } }] }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Error('the model answered ' + response.status)
  return (await response.json())${text(' as { content: { type: string; id: string; input: never }[] }')}
}
`
const mistake = "// the stranger's mistake"
const handleBody = (
  text: (type: string) => string,
) => `async function handle(task${text(': string')}, tools${text(': { refund(input: never): Promise<string> }')}) {
  const messages${text(': object[]')} = [{ role: 'user', content: task }]
  for (let turn = 0; turn < 10; turn++) {
    const { content } = await ask(messages)
    const asked = content.find(({ type }) => type === 'tool_use')
    if (!asked) return 'Refunded.'
    const result = await tools.refund(asked.input).catch(() => tools.refund(asked.input)) ${mistake}
    messages.push({ role: 'assistant', content })
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: asked.id, content: String(result) }] })
  }
  throw new Error('gave up')
}
`
const inTypeScript = `${agentBody(withType)}export ${handleBody(withType)}`
const inEsm = `${agentBody(withoutType)}export ${handleBody(withoutType)}`
const inCommonJs = `${agentBody(withoutType)}module.exports = { handle }\n${handleBody(withoutType)}`

const manifest = (type: 'module' | 'commonjs', rest: object) =>
  JSON.stringify({ name: 'shop', private: true, type, ...rest })
const esm = "import { assertResilient } from 'agent-chaos'\n"
const cjs = "const { assertResilient } = require('agent-chaos')\n"

export const strangers: readonly Stranger[] = [
  {
    name: 'ES modules in TypeScript, with Vitest',
    files: {
      'package.json': manifest('module', { devDependencies: { typescript: '*', vitest: '*' } }),
      'tsconfig.json': '{}',
      'src/agent.ts': inTypeScript,
    },
    agent: 'src/agent.ts',
    test: {
      file: 'refund.test.ts',
      head: `import 'agent-chaos/register'\n${esm}import { test } from 'vitest'\nimport scenario from './scenarios/first.chaos.js'\n`,
    },
    command: ['vitest', 'run'],
    tells: [/1 failed/],
  },
  {
    name: 'CommonJS in TypeScript, with node:test',
    files: {
      'package.json': manifest('commonjs', { devDependencies: { typescript: '*' }, scripts: { test: 'node --test' } }),
      'src/agent.ts': inTypeScript,
    },
    agent: 'src/agent.ts',
    test: {
      file: 'refund.test.js',
      head: `${cjs}const { test } = require('node:test')\nconst scenario = require.resolve('./scenarios/first.chaos.ts')\n`,
    },
    command: ['node', '--test', '--test-reporter=spec'],
    tells: [/✖ holds/, /fail 1/],
  },
  {
    name: 'ES modules in JavaScript, with Mocha',
    files: { 'package.json': manifest('module', { devDependencies: { mocha: '*' } }), 'src/agent.js': inEsm },
    agent: 'src/agent.js',
    test: { file: 'refund.spec.js', head: `${esm}const test = it\n`, end: '.timeout(0)' },
    command: ['mocha', 'refund.spec.js'],
    tells: [/1 failing/],
  },
  {
    name: 'CommonJS in JavaScript, with Jest',
    files: { 'package.json': manifest('commonjs', { devDependencies: { jest: '*' } }), 'src/agent.js': inCommonJs },
    agent: 'src/agent.js',
    test: { file: 'refund.test.js', head: cjs },
    command: ['jest'],
    tells: [/✕ holds/],
  },
]

/** What a stranger did, and what came of it. */
export interface Way {
  readonly commands: readonly string[]
  readonly edited: readonly string[]
  readonly ran: Ended
  /** Where the mistake stands, as a report says it. */
  readonly place: string
  /** The runner's own test, one command and one file later. */
  readonly tested: Ended
}

/** `install`: the first command, which puts the package into a folder with these files. Gives the folder. */
export async function follow(
  { files, agent, test, command }: Stranger,
  install: (files: Stranger['files']) => Promise<string>,
): Promise<Way> {
  const commands = ['npm install']
  const edited: string[] = []
  const cwd = await install(files)
  const type = (program: string, ...args: string[]) => {
    commands.push([program, ...args].join(' '))
    const file = program === 'node' ? [] : [commandOf(cwd, program)]
    return run(cwd, process.execPath, [...file, ...args])
  }
  const edit = (file: string, change: (text: string) => string, text = '') => {
    edited.push(file)
    writeFileSync(join(cwd, file), change(text || readFileSync(join(cwd, file), 'utf8')))
  }

  const made = await type('agent-chaos', 'init', '--yes')
  const [, scenario = ''] = /written: (\S+?),/.exec(made.stdout) ?? []
  // One import, as the scenario says it, and a call in the place of the small agent.
  edit(scenario, (text) => {
    const [, from = ''] = /Import yours from '(\S+)'/.exec(text) ?? []
    const own = text.replace(
      / {2}agent: async[\s\S]*?\n {2}\},\n/,
      '  agent: ({ task, tools }) => handle(task, tools),\n',
    )
    return `import { handle } from '${from}'\n${own}`
  })
  const ran = await type('agent-chaos', 'run', '--trials-max', '60')
  const way = { commands: [...commands], edited: [...edited], ran, place: placeOf(agent, files[agent] ?? '') }

  const [, advice = ''] = /in a test of .*?: (await assertResilient\(.+?\))(?:;|$)/m.exec(made.stdout) ?? []
  const body = `${test.head}test('holds', async () => {\n  ${advice}\n})${test.end ?? ''}\n`
  edit(test.file, (text) => text, body)
  return { ...way, tested: await type(...command) }
}

function placeOf(agent: string, text: string): string {
  return `${agent}:${1 + text.split('\n').findIndex((line) => line.includes(mistake))}`
}

/** What is not as it should be, in words; nothing where all is. */
export function wrongIn({ tells }: Stranger, { commands, edited, ran, place, tested }: Way): string[] {
  const said = `${tested.stdout}\n${tested.stderr}`
  const wanted: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [commands.length <= 3, `more than three commands: ${commands.join('; ')}`],
    [edited.length === 1, `not one edited file: ${edited.join(', ')}`],
    [ran.code === 1, `the run ended with ${ran.code}: ${ran.stderr}`],
    [/first broke effects-exactly-once/.test(ran.stdout), `no violation: ${ran.stdout}`],
    [new RegExp(`at {6}${place}\\b`).test(ran.stdout), `not at ${place}: ${ran.stdout}`],
    [tested.code !== 0, `the runner passed: ${said}`],
    ...[...tells, /effects-exactly-once/].map(
      (pattern) => [pattern.test(said), `the runner did not say ${pattern}: ${said}`] as const,
    ),
  ]
  return wanted.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]))
}
