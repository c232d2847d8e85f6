/** A project in which files, scenarios, tools, intents and services all have names that somebody chose to do harm. */
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './command.js'

const escapeCharacter = String.fromCharCode(27)

/** By what each is out to do. The names of files are these, as far as a file can be called so. */
export const names: Readonly<Record<string, string>> = {
  'leads out of its folder': '../../../outside',
  'is a path from the root': '/tmp/agent-chaos-outside',
  'ends early': 'before\0after',
  'is two lines': 'one\ntwo',
  'is very long': 'long'.repeat(2_500),
  'is a prototype': '__proto__',
  'is what every object has': 'constructor',
  'clears the terminal': `${escapeCharacter}[2J${escapeCharacter}]0;owned${String.fromCharCode(7)}`,
  'is written from right to left': `${String.fromCodePoint(0x202e)}gnp.exe`,
  'is a device': 'CON',
  'is an option': '--help',
  'is a short option': '-rf',
  'is a command': '$(touch owned)`touch owned`',
  'ends a quotation': `it's "quoted" \\'; touch owned; '`,
  'is a pattern': '*[a-z]{x,y}?!',
  'is a notation of its own': 'tool:x#1 = tool/slow; y',
}

/** What a file may be called of it; a search passes over hidden ones. */
const fileNameOf = (name: string) => name.replaceAll('/', '_').replaceAll('\0', '_').replace(/^\.+/, '').slice(0, 200)

const scenarioText = (name: string) => `import { defineScenario, say, script } from 'agent-chaos'

const name = ${JSON.stringify(name)}
const address = 'https://shop.example/' + encodeURIComponent(name.slice(0, 100)) + '/a/b/c/' + name.slice(0, 100)
const ship = () => fetch(address, { method: 'POST', body: '{}' })

export default defineScenario({
  name,
  task: name,
  model: script([say('unused')]),
  state: () => ({ paid: 0, shipped: 0 }),
  world: ({ state, effect, http }) => {
    const deliver = () => {
      state.shipped++
      return { status: 200, json: {} }
    }
    http.service('https://shop.example', deliver, { intent: () => ({ kind: 'ship', intent: name }) })
    return { tools: { [name]: () => effect({ kind: 'pay', intent: name }, () => { state.paid++ }) } }
  },
  agent: async ({ tools }) => {
    await tools[name]!().catch(() => tools[name]!())
    await ship().catch(ship)
  },
  goal: ({ state }) => state.paid > 0 && state.shipped > 0,
  intents: [{ kind: 'pay', id: name }, { kind: 'ship', id: name }],
  faults: ['tool/reply-lost', 'http/reply-lost'],
})
`

export interface Made {
  /** By what the name in it is out to do. */
  readonly files: ReadonlyMap<string, string>
  /** Called so that nobody can run them; each has the same scenario as one with a plain name. */
  readonly refused: ReadonlyMap<string, string>
}

/** One scenario for each name, in a file that is called so too, and in one with a plain name where that is `unfit`. */
export function makeNames(folder: string, unfit: readonly string[]): Made {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules', 'agent-chaos'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const called = Object.entries(names).map(([what, name]) => [what, `${fileNameOf(name)}.chaos.ts`] as const)
  const plain = unfit.map((what, index) => [what, `plain-${index}.chaos.ts`] as const)
  for (const [what, file] of [...called, ...plain]) writeFileSync(join(folder, file), scenarioText(names[what] ?? ''))
  return { files: new Map([...called, ...plain]), refused: new Map(called.filter(([what]) => unfit.includes(what))) }
}

/** All files below a folder, packages and what is kept beside them apart. */
export function filesIn(folder: string, at = folder): string[] {
  return readdirSync(at).flatMap((name) => {
    const path = join(at, name)
    if (name === 'node_modules') return []
    return statSync(path).isDirectory() ? filesIn(folder, path) : [relative(folder, path)]
  })
}
