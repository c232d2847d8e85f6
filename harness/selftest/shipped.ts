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

/** Those whose every file is a scenario, whatever it is called. The museum is tried where it is asked for. */
const wholeFolders = ['scenarios/planted', 'scenarios/correct', 'scenarios/museum']

/** Absolute paths. */
export function shippedFiles(): string[] {
  return folders.flatMap(([folder, pattern]) => filesIn(join(root, folder), pattern))
}

/** The scenarios of an absolute folder that ships and is for the selftest alone; `undefined` for any other path. */
export function shippedIn(path: string): string[] | undefined {
  const folder = wholeFolders.map((name) => join(root, name)).find((name) => name === path)
  return folder === undefined ? undefined : filesIn(folder, /\.ts$/)
}

function filesIn(folder: string, pattern: RegExp): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : []
  return names.sort().map((name) => join(folder, name))
}

/**
 * What the catalogue's agents need and is not installed, or is of another version, as `name@range`. The peers' own
 * ranges refuse no project its version of a library that only these agents import. What the agents are tested with is
 * written beside the development dependencies.
 */
export function missingPackages(): string[] {
  const { peerDependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  return Object.keys(peerDependencies).flatMap((name) => {
    const range = devDependencies[name]
    // The matchers are for it; no agent is.
    if (name === 'vitest' || range === undefined) return []
    return isWithin(installedVersion(name, join(root, 'scenarios/')), range) ? [] : [`${name}@${range}`]
  })
}

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** By the package's folder, for many a package lets nobody import its package.json. */
function installedVersion(name: string, from: string): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? []
  const manifest = folders.map((folder) => join(folder, name, 'package.json')).find((file) => existsSync(file))
  return manifest && (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string }).version
}

/** Whether a version is in a range of the form ^1.2.3, with a major of at least 1. */
export function isWithin(version: string | undefined, range: string): boolean {
  const least = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range)?.slice(1).map(Number)
  const has = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number)
  if (!least || !has || has[0] !== least[0]) return false
  const [, minor = 0, patch = 0] = least
  const [, hasMinor = 0, hasPatch = 0] = has
  return hasMinor > minor || (hasMinor === minor && hasPatch >= patch)
}
