/** What `init` sees of a project: its modules, its test runner, and where its agent may be. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import { reasonOf } from '../../contracts/system-error.js'

export interface Project {
  readonly manifest: { readonly text: string; readonly value: Manifest }
  readonly modules: 'ESM' | 'CommonJS'
  readonly typescript: boolean
  readonly runner: Runner | undefined
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
export type Runner = (typeof runners)[number]

/** Throws a `UserError` where there is no project. */
export function lookAt(cwd: string): Project {
  const manifest = readManifest(cwd)
  const { type, dependencies, devDependencies } = manifest.value
  const installed = { ...dependencies, ...devDependencies }
  return {
    manifest,
    modules: type === 'module' ? 'ESM' : 'CommonJS',
    typescript: existsSync(join(cwd, 'tsconfig.json')) || installed.typescript !== undefined,
    runner: runners.find((name) => installed[name] !== undefined),
    agent: findAgent(cwd),
  }
}

function readManifest(cwd: string): Project['manifest'] {
  const file = 'package.json'
  let text: string
  try {
    text = readFileSync(join(cwd, file), 'utf8')
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

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
