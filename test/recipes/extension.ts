/**
 * What CONTRIBUTING tells of one more of a kind, tried: a copy of the sources is given new files and a few lines in those
 * that are there, compiled as the package is, and used from there.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { linkAll } from '../readme/project.js'
import { root } from '../support/cli/command.js'

/** Lines for a file that is there: they stand before its line `before`, or in place of it. */
export interface Edit {
  readonly file: string
  readonly before: string
  readonly lines: readonly string[]
  readonly replaces?: boolean
}

export interface Extension {
  /** New files, as they stand below the fixture's folder. */
  readonly folder: string
  readonly edits: readonly Edit[]
}

/** In the words of the recipe: `1 new file of 24 lines, 7 lines in 3 files`. */
export function sizeOf({ folder, edits }: Extension): string {
  const added = newFiles(folder).map((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length)
  const files = new Set(edits.map(({ file }) => file)).size
  const lines = sum(edits.map((edit) => edit.lines.length))
  return `${quantity(added.length, 'new file')} of ${quantity(sum(added), 'line')}, and ${quantity(lines, 'line')} in ${quantity(files, 'file')}`
}

const copies: string[] = []

export function removeCopies(): void {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true })
}

/** A copy of the package with the extensions; its types have been checked. Throws with what the compiler says. */
export function extend(extensions: readonly Extension[]): string {
  // As the compiler has it, which follows links.
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'agent-chaos-recipe-')))
  copies.push(copy)
  for (const part of [
    'faults',
    'harness',
    'reports',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'rolldown.config.ts',
  ]) {
    cpSync(join(root, part), join(copy, part), { recursive: true })
  }
  for (const { folder, edits } of extensions) {
    cpSync(folder, copy, { recursive: true })
    for (const edit of edits) {
      const file = join(copy, edit.file)
      writeFileSync(file, applyEdit(readFileSync(file, 'utf8'), edit))
    }
  }
  const modules = join(copy, 'node_modules')
  mkdirSync(modules)
  linkAll(
    modules,
    readdirSync(join(root, 'node_modules')).filter((name) => name !== 'agent-chaos' && !name.startsWith('.')),
  )
  const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })
  try {
    node(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json')
  } catch (error) {
    throw new Error((error as { readonly stdout: string }).stdout)
  }
  node(join(root, 'node_modules/rolldown/bin/cli.mjs'), '-c', 'rolldown.config.ts')
  node('dist/harness/cli/finish-build.js')
  return copy
}

function applyEdit(text: string, { file, before, lines, replaces = false }: Edit): string {
  const all = text.split('\n')
  const index = all.findIndex((line) => line.trim() === before)
  if (index < 0) throw new Error(`${file}: expected a line "${before}"`)
  return all.toSpliced(index, replaces ? 1 : 0, ...lines).join('\n')
}

/** Those of the package; a scenario that shows it at work is none. */
function newFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.chaos.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
