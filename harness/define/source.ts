/**
 * Where a scenario is to be found, so that another process, or another machine with the same package, finds the very
 * same one. It is known by its package, its path from a root, and its text. Absolute paths are of one machine.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../contracts/errors.js'
import type { ScenarioSource } from '../contracts/executor.js'
import { hiddenMarks } from '../contracts/hidden-marks.js'
import { reasonOf } from '../contracts/system-error.js'

/** `root` is absolute, and `file` may be from there. Throws a `UserError` where the file cannot be read, or not be typed. */
export function sourceOf(root: string, file: string): ScenarioSource {
  const at = resolve(root, file)
  const shown = relative(root, at).split(sep).join('/')
  refuseUntypable(shown, at)
  return { package: packageOf(at), file: shown, digest: digestOf(at) }
}

/** Control characters too: reports leave these out as well. */
const untypable = new RegExp(`\\p{Cc}|${hiddenMarks.source}`, 'gu')

/** The command that replays a trial would not find it again. */
function refuseUntypable(path: string, file: string): void {
  if (path.search(untypable) < 0) return
  const spelled = JSON.stringify(path).replace(untypable, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
  throw new UserError(
    `the path of a scenario stands in commands to type: expected no control characters and no marks that nobody sees, got ${spelled}`,
    file,
  )
}

/** The file on this machine. Throws a `UserError` where it is not there, or is not the one that was meant. */
export function fileOf(root: string, source: ScenarioSource): string {
  const file = resolve(root, source.file)
  const found = packageOf(file)
  if (found !== source.package) {
    throw new UserError(`expected a file of ${describeName(source.package)}, got one of ${describeName(found)}`, file)
  }
  if (digestOf(file) !== source.digest) throw new UserError('it has changed since the run began; run it again', file)
  return file
}

function describeName(name: string | null): string {
  return name === null ? 'no package' : `the package ${name}`
}

function digestOf(file: string): string {
  try {
    // As text: reading bytes goes by `fs.readSync`, which an agent in this process may have replaced.
    return createHash('sha256').update(readFileSync(file, 'utf8')).digest('hex')
  } catch (error) {
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, file)
  }
}

/** The name of the nearest package above a file; `null` where there is none, or it has no name. */
function packageOf(file: string): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return nameIn(manifest)
    if (folder === dirname(folder)) return null
  }
}

function nameIn(manifest: string): string | null {
  try {
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name?: unknown }
    return typeof name === 'string' ? name : null
  } catch {
    return null
  }
}
