/** The frameworks, each a folder of its own with its own packages, and their scenarios. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../house/imports.js'

export const folder = join(root, 'scenarios/frameworks')

export const frameworks: readonly string[] = readdirSync(folder).filter((name) =>
  existsSync(join(folder, name, 'package.json')),
)

/** Paths from the root. Each holds a naive agent, and beside it the same agent made careful. */
export function scenariosOf(name: string): readonly string[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.ts') && file !== 'agents.ts')
    .map((file) => `scenarios/frameworks/${name}/${file}`)
}

/** Of the packages that it names itself, in its order. */
export function versionsOf(name: string): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return Object.entries(dependencies).map(([each, version]) => `${each} ${version}`)
}

/** Whether what its lock file names is there. */
export function isInstalled(name: string): boolean {
  const installed = join(folder, name, 'node_modules/.package-lock.json')
  const lock = join(folder, name, 'package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
}
