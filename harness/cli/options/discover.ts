/** From the paths on the command line to scenario files: a file as it is, a folder searched, a glob expanded. */
import { readdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import { reasonOf } from '../../contracts/system-error.js'
import { fileNamed, kindOf, shortName, standsAt, statNamed, suggestion } from './paths.js'

/** What a scenario file is called. */
export const scenarioPattern = '**/*.chaos.?(c|m)[jt]s?(x)'
/** In the kernel's folders each process has links to the whole disk, so that a search would never end. */
const ignore = ['**/node_modules/**', '/proc/**', '/sys/**', '/dev/**']

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
export async function discover({ paths, from }: Paths, cwd: string, separator = sep): Promise<Discovered> {
  const files = new Set<string>()
  const empty: string[] = []
  const given = paths.length > 0 ? paths : [defaultPath(cwd)]
  // In a glob a backslash takes a meaning away; on Windows it parts folders, and nobody means the other.
  for (const path of given.map((one) => (separator === '\\' ? one.replaceAll('\\', '/') : one))) {
    const found = await filesOf(path, cwd, from)
    for (const file of found.files) files.add(file)
    if (found.files.length === 0) empty.push(found.searched)
  }
  return { files: [...files].sort(), empty }
}

/** One existing file, absolute. Throws a `UserError`. */
export function existingFile(path: string, cwd: string): string {
  return fileNamed(path, cwd, 'a scenario file')
}

/** Why nothing can be run, or `undefined` where every path led to a scenario. */
export function nothingFound({ empty }: Discovered): string | undefined {
  return empty.length === 0 ? undefined : `no scenarios found: ${empty.join('; ')}`
}

/** What to do where there is no scenario yet. */
export const howToBegin = 'agent-chaos init writes a first one, and agent-chaos doctor tells what is in the way'

export function defaultPath(cwd: string): string {
  return standsAt(join(cwd, 'scenarios'))?.isDirectory() ? 'scenarios' : '.'
}

async function filesOf(
  path: string,
  cwd: string,
  from: string | undefined,
): Promise<{ files: string[]; searched: string }> {
  const { glob, isDynamicPattern } = await import('tinyglobby')
  const common = { absolute: true, expandDirectories: false, ignore }
  const found = isDynamicPattern(path) ? standsAt(resolve(cwd, path)) : statNamed(path, cwd, { where: from })
  if (found?.isFile()) return { files: [resolve(cwd, path)], searched: path }
  if (found !== undefined && !found.isDirectory()) {
    throw new UserError(`${path}: a scenario file or a folder is expected, and this is ${kindOf(found)}`, from)
  }
  if (found !== undefined) {
    refuseUnreadable(path, cwd, from)
    const files = await glob(scenarioPattern, { ...common, cwd: resolve(cwd, path) })
    return { files: files.map((file) => resolve(file)), searched: `nothing in ${path} matches ${scenarioPattern}` }
  }
  if (!isDynamicPattern(path)) throw noSuchPath(path, cwd, from)
  const files = await glob(path, { ...common, cwd })
  return { files: files.map((file) => resolve(file)), searched: `nothing matches ${path}` }
}

/** A search passes over what it cannot read; the folder that was named must not be passed over in silence. */
function refuseUnreadable(path: string, cwd: string, from: string | undefined): void {
  try {
    readdirSync(resolve(cwd, path))
  } catch (error) {
    throw new UserError(`${path} cannot be searched: ${reasonOf(error)}`, from)
  }
}

function noSuchPath(path: string, cwd: string, from?: string): UserError {
  return new UserError(`no such file or folder: ${shortName(path)}.${suggestion(path, cwd)}`.replace(/\.$/, ''), from)
}
