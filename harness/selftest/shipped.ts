/**
 * The catalogue that comes with the package: planted bugs, each with its repair, and correct agents. They are agents of
 * the kind that users write, on libraries that users have, so those libraries are not among the package's own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
const root = dirname(resolve('agent-chaos/package.json'))

/** Folders, and how the scenarios in them are called; what lies deeper is shared by them. */
const folders: readonly (readonly [string, RegExp])[] = [
  ['scenarios', /\.chaos\.ts$/],
  ['scenarios/canaries', /\.chaos\.ts$/],
  ['scenarios/planted', /\.ts$/],
  ['scenarios/correct', /\.ts$/],
]

/** Absolute paths. */
export function shippedFiles(): string[] {
  return folders.flatMap(([folder, pattern]) => {
    const path = join(root, folder)
    const names = existsSync(path) ? readdirSync(path).filter((name) => pattern.test(name)) : []
    return names.sort().map((name) => join(path, name))
  })
}

/** What the catalogue's agents need and is not installed, as `name@range`. */
export function missingPackages(): string[] {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const { resolve } = createRequire(join(root, 'scenarios/'))
  return Object.entries(peerDependencies).flatMap(([name, range]) => {
    // The matchers are for it; no agent is.
    return name === 'vitest' || isInstalled(name, resolve) ? [] : [`${name}@${range}`]
  })
}

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>
}

function isInstalled(name: string, resolve: (name: string) => string): boolean {
  try {
    return resolve(name) !== ''
  } catch (error) {
    // A package that is there and exports nothing to `require` is there.
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'
  }
}
