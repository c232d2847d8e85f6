/** From the paths on the command line to scenario files: a file as it is, a folder searched, a glob expanded. */
import { readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { nearest, UserError } from '../../contracts/errors.js'

/** What a scenario file is called. */
export const scenarioPattern = '**/*.chaos.?(c|m)[jt]s'
const ignore = ['**/node_modules/**']

export interface Discovered {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[]
  /** What was searched and held no scenario, in words. */
  readonly empty: readonly string[]
}

/** Paths with where they stand, if it is not the command line. */
export interface Paths {
  readonly paths: readonly string[]
  readonly from?: string | undefined
}

/** Without paths: `scenarios/` if it is there, else the folder itself. Throws a `UserError` for a path that is not there. */
export async function discover({ paths, from }: Paths, cwd: string): Promise<Discovered> {
  const files = new Set<string>()
  const empty: string[] = []
  for (const path of paths.length > 0 ? paths : [defaultPath(cwd)]) {
    const found = await filesOf(path, cwd, from)
    for (const file of found.files) files.add(file)
    if (found.files.length === 0) empty.push(found.searched)
  }
  return { files: [...files].sort(), empty }
}

/** One existing file, absolute. */
export function existingFile(path: string, cwd: string): string {
  const found = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (found === undefined) throw noSuchPath(path, cwd)
  if (found.isDirectory()) throw new UserError(`a scenario file is expected, and ${path} is a folder`)
  return resolve(cwd, path)
}

/** Why nothing can be run, or `undefined` where every path led to a scenario. */
export function nothingFound({ empty }: Discovered): string | undefined {
  return empty.length === 0 ? undefined : `no scenarios found: ${empty.join('; ')}`
}

export function defaultPath(cwd: string): string {
  return statSync(join(cwd, 'scenarios'), { throwIfNoEntry: false })?.isDirectory() ? 'scenarios' : '.'
}

async function filesOf(
  path: string,
  cwd: string,
  from: string | undefined,
): Promise<{ files: string[]; searched: string }> {
  const found = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (found !== undefined && !found.isDirectory()) return { files: [resolve(cwd, path)], searched: path }
  const { glob, isDynamicPattern } = await import('tinyglobby')
  const common = { absolute: true, expandDirectories: false, ignore }
  if (found !== undefined) {
    const files = await glob(scenarioPattern, { ...common, cwd: resolve(cwd, path) })
    return { files: files.map((file) => resolve(file)), searched: `nothing in ${path} matches ${scenarioPattern}` }
  }
  if (!isDynamicPattern(path)) throw noSuchPath(path, cwd, from)
  const files = await glob(path, { ...common, cwd })
  return { files: files.map((file) => resolve(file)), searched: `nothing matches ${path}` }
}

function noSuchPath(path: string, cwd: string, from?: string): UserError {
  return new UserError(`no such file or folder: ${path}.${suggestion(path, cwd)}`.replace(/\.$/, ''), from)
}

/** The path with the first name that does not exist replaced by the nearest one beside it. */
function suggestion(path: string, cwd: string): string {
  const names = relative(cwd, resolve(cwd, path)).split(/[\\/]/)
  let folder = ''
  for (const [index, name] of names.entries()) {
    const next = join(folder, name)
    if (statSync(resolve(cwd, next), { throwIfNoEntry: false }) !== undefined) {
      folder = next
      continue
    }
    const found = nearestPath(folder, name, names.slice(index + 1), cwd)
    return found === undefined ? '' : ` Did you mean "${found}"?`
  }
  return ''
}

function nearestPath(folder: string, name: string, rest: readonly string[], cwd: string): string | undefined {
  const near = nearest(name, listed(resolve(cwd, folder)))
  if (near === undefined) return undefined
  const whole = join(folder, near, ...rest)
  return statSync(resolve(cwd, whole), { throwIfNoEntry: false }) === undefined ? join(folder, near) : whole
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
