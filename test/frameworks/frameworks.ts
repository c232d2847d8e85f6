/**
 * The frameworks, each a folder of its own with its own packages, and their scenarios. Where the newest version asks for a
 * newer Node than ours, `NAME-newest` beside it has the packages alone, and takes the agents of `NAME`.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../house/imports.js'

export const folder = join(root, 'scenarios/frameworks')

export const frameworks: readonly string[] = readdirSync(folder).filter((name) =>
  existsSync(join(folder, name, 'package.json')),
)

/** Where no other Node suffices. */
const newerNode = '24'

/** Paths from the root. Each holds a naive agent, and beside it the same agent made careful. */
export function scenariosOf(name: string): readonly string[] {
  return agentFilesOf(name)
    .filter((file) => file !== 'agents.ts')
    .map((file) => `scenarios/frameworks/${name}/${file}`)
}

/** Of the packages that it names itself, in its order. */
export function versionsOf(name: string): readonly string[] {
  return Object.entries(manifestOf(name).dependencies).map(([each, version]) => `${each} ${version}`)
}

/** Installs what its lock file names, and takes the agents from where they are. */
export function install(name: string): void {
  for (const file of agentFilesOf(name)) {
    if (sourceOf(name) !== name) cpSync(join(folder, sourceOf(name), file), join(folder, name, file))
  }
  if (isInstalled(name)) return
  console.log(`\n== ${name}: installs ${versionsOf(name).join(', ')}`)
  execFileSync('npm', ['ci', '--silent'], { cwd: join(folder, name), stdio: 'inherit' })
}

/** The Node that runs it: this one, or a newer one from the registry. */
export function nodeFor(name: string): string {
  const [, least = '0'] = /^>=(\d+)$/.exec(manifestOf(name).engines?.node ?? '') ?? []
  if (Number.parseInt(process.versions.node, 10) >= Number(least)) return process.execPath
  const place = join(root, 'node_modules/.cache/agent-chaos-frameworks', `node-${newerNode}`)
  const node = join(place, 'node_modules/node/bin/node')
  // Its binary comes by a script of its package.
  const options = ['--no-save', '--no-audit', '--no-fund', '--foreground-scripts', '--silent']
  if (!existsSync(node)) execFileSync('npm', ['install', '--prefix', place, ...options, `node@${newerNode}`])
  return node
}

interface Manifest {
  readonly engines?: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
}

function agentFilesOf(name: string): string[] {
  return readdirSync(join(folder, sourceOf(name))).filter((file) => file.endsWith('.ts'))
}

const sourceOf = (name: string) => name.replace(/-newest$/, '')

function isInstalled(name: string): boolean {
  const installed = join(folder, name, 'node_modules/.package-lock.json')
  const lock = join(folder, name, 'package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
}
