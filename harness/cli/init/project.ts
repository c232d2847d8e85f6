/** What `init` sees of a project: its modules, its test runner, and where its agent may be. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withoutMark } from '../../contracts/byte-order-mark.js'
import { UserError } from '../../contracts/errors.js'
import { reasonOf } from '../../contracts/system-error.js'

export interface Project {
  readonly manifest: { readonly text: string; readonly value: Manifest }
  readonly modules: 'ESM' | 'CommonJS'
  readonly typescript: boolean
  readonly runner: Runner | undefined
  /** The package by which its agent asks models. */
  readonly framework: string | undefined
  /** From the project's folder. */
  readonly agent: string | undefined
}

export interface Manifest {
  readonly type?: unknown
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const runners = ['vitest', 'jest', 'mocha', 'ava'] as const
export type Runner = (typeof runners)[number] | 'node:test' | 'bun' | 'deno'

/** By which agents ask models, those that bring the others with them first. */
const frameworks = [
  '@mastra/core',
  '@langchain/langgraph',
  'langchain',
  '@openai/agents',
  '@voltagent/core',
  'ai',
  '@anthropic-ai/sdk',
  'openai',
  '@google/genai',
]

const byFile = "hand over the scenario's file, and a worker process runs it"

/** Then a client that is made when its module loads has a key. */
const loadedFirst = ', with agent-chaos/register imported first'

/** How a test of the runner calls it. */
export const inTests: Readonly<Record<Runner, string>> = {
  vitest: `in a test of Vitest${loadedFirst}: await assertResilient(scenario)`,
  ava: `in a test of AVA${loadedFirst}: await assertResilient(scenario)`,
  jest: `in a test of Jest: await assertResilient(FILE); ${byFile}`,
  'node:test': `in a test of node:test${loadedFirst}: await assertResilient(scenario)`,
  bun: `in a test of Bun: await assertResilient(scenario); a worker process of Node runs it`,
  deno: `in a test of Deno: await assertResilient(FILE); a worker process of Node runs it`,
  mocha: `in a test of Mocha, with .timeout(0): await assertResilient(FILE); ${byFile}`,
}

/** Throws a `UserError` where there is no project. */
export function lookAt(cwd: string): Project {
  const manifest = readManifest(cwd)
  const { type, scripts, dependencies, devDependencies } = manifest.value
  const installed = { ...dependencies, ...devDependencies }
  return {
    manifest,
    modules: type === 'module' ? 'ESM' : 'CommonJS',
    typescript: existsSync(join(cwd, 'tsconfig.json')) || installed.typescript !== undefined,
    runner: runners.find((name) => installed[name] !== undefined) ?? builtInRunner(scripts?.test ?? '', cwd),
    framework: frameworks.find((name) => installed[name] !== undefined),
    agent: findAgent(cwd) ?? findCaller(cwd),
  }
}

/** One that comes with the runtime. */
function builtInRunner(script: string, cwd: string): Runner | undefined {
  if (/\bnode\b.*--test\b/.test(script)) return 'node:test'
  const has = (...names: string[]) => names.some((name) => existsSync(join(cwd, name)))
  if (/\bbun test\b/.test(script) || has('bun.lock', 'bun.lockb')) return 'bun'
  return /\bdeno test\b/.test(script) || has('deno.json', 'deno.jsonc') ? 'deno' : undefined
}

function readManifest(cwd: string): Project['manifest'] {
  const file = 'package.json'
  let text: string
  try {
    text = withoutMark(readFileSync(join(cwd, file), 'utf8'))
  } catch (error) {
    throw new UserError(`init needs a package.json in this folder (${reasonOf(error)}): run npm init -y first`)
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { text, value }
  } catch (error) {
    throw new UserError(`expected JSON: ${(error as Error).message}`, file)
  }
  throw new UserError('expected an object', file)
}

const agentFile = /^agents?\.[cm]?[jt]sx?$/
const folders = ['src', 'lib', 'app', '.', 'src/agent', 'src/agents', 'agent', 'agents']

/** The first file that is called as an agent, or the index of a folder that is. */
function findAgent(cwd: string): string | undefined {
  for (const folder of folders) {
    const wanted = /agents?$/.test(folder) ? /^(index|agents?)\.[cm]?[jt]sx?$/ : agentFile
    const found = entriesOf(join(cwd, folder)).find((name) => wanted.test(name) && !name.endsWith('.d.ts'))
    if (found !== undefined) return folder === '.' ? found : `${folder}/${found}`
  }
  return undefined
}

/** The first file that imports what models are asked by. */
function findCaller(cwd: string): string | undefined {
  const asks = new RegExp(`(?:from|import|require\\()\\s*['"](?:${frameworks.join('|')})['"/]`)
  for (const folder of ['src', 'lib', 'app', '.']) {
    const files = entriesOf(join(cwd, folder)).filter((name) =>
      /(?<!\.d|\.test|\.spec|\.config)\.[cm]?[jt]sx?$/.test(name),
    )
    const found = files.find((name) => asks.test(textOf(join(cwd, folder, name))))
    if (found !== undefined) return folder === '.' ? found : `${folder}/${found}`
  }
  return undefined
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
