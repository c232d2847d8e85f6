/** A small project of its own in a temporary folder, with the package installed as a user would have it. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../support/cli/command.js'
import type { Snippet } from './readme.js'

/**
 * Packs the package, unpacks the tarball into a project, and links its dependencies and a user's usual ones to those of
 * this checkout, so that no network is needed.
 */
export function projectFromTarball(files: readonly Snippet[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-project-'))
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', modules])
  cpSync(join(modules, 'package'), join(modules, 'agent-chaos'), { recursive: true })
  link(modules)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', type: 'module', private: true }))
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function link(modules: string): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Record<string, string>
  }
  const ours = [...Object.keys(manifest.dependencies), '@anthropic-ai/sdk', 'vitest', 'typescript', '@types/node']
  linkAll(modules, ours)
}

/** Links packages of this checkout into a folder of modules, those that are not there already. */
export function linkAll(modules: string, names: readonly string[]): void {
  for (const name of names) {
    const place = join(modules, name)
    mkdirSync(dirname(place), { recursive: true })
    if (!existsSync(place)) symlinkSync(join(root, 'node_modules', name), place)
  }
}

/** Every file of the packed package, by path. */
export function packedFiles(): string[] {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  })
  const parsed: unknown = JSON.parse(listed)
  // A list up to npm 11, an object by name in some later ones.
  const [entry] = Array.isArray(parsed) ? parsed : Object.values(parsed as object)
  return (entry as { readonly files: readonly { readonly path: string }[] }).files.map(({ path }) => path).sort()
}
