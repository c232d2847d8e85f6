/**
 * A stranger's project with the packed package in it. What is installed is linked to where it is already, so that no network is
 * needed.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Ended, execute, root } from '../support/cli/command.js'

let packed: string | undefined
let unpacked: string | undefined

/** The packed package, packed once. */
export function pack(): string {
  if (packed !== undefined) return packed
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-packed-'))
  const options = { cwd: root, encoding: 'utf8' } as const
  const file = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], options)
  packed = join(folder, file.trim())
  return packed
}

function unpack(): string {
  if (unpacked !== undefined) return unpacked
  const file = pack()
  execFileSync('tar', ['-xzf', file, '-C', dirname(file)])
  unpacked = join(dirname(file), 'package')
  return unpacked
}

/** With these files, and whatever is installed in `from`: folders of modules. `packages`: its own, linked as npm does it. */
export function projectWith(
  files: Readonly<Record<string, string>>,
  from: readonly string[] = [],
  packages: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-consumer-'))
  const modules = join(folder, 'node_modules')
  cpSync(unpack(), join(modules, 'agent-chaos'), { recursive: true })
  for (const each of [...from, join(root, 'node_modules')]) linkAll(each, modules)
  writeAll(files, folder)
  for (const [name, path] of Object.entries(packages)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(folder, path), join(modules, name))
  }
  return folder
}

export function writeAll(files: Readonly<Record<string, string>>, folder: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function linkAll(from: string, modules: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith('@')) {
      mkdirSync(join(modules, name), { recursive: true })
      linkAll(join(from, name), join(modules, name))
    } else if (!name.startsWith('.') && !readdirSync(modules).includes(name)) {
      symlinkSync(join(from, name), join(modules, name))
    }
  }
}

/** The file that a package's command is, in a folder of modules. */
export function commandOf(project: string, name: string, command = name): string {
  const folder = join(project, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>
  }
  return join(folder, typeof bin === 'string' ? bin : (bin[command] ?? ''))
}

/** Runs a program in a project, without colours. */
export function run(cwd: string, file: string, args: readonly string[]): Promise<Ended> {
  return execute(file, args, { cwd, env: { CI: 'true', NO_COLOR: '1' } })
}
