/** Who imports whom, read from the text of the sources. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly line: number
}

/** The package's own files and those of the scenarios, as paths from the root. */
export const sources = ['faults', 'harness', 'reports', 'scenarios'].flatMap((folder) => filesBelow(join(root, folder)))

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path)
    return /(?<!\.d)\.ts$/.test(entry.name) ? [relative(root, path)] : []
  })
}

export function text(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

export function importsOf(file: string): Import[] {
  const found: Import[] = []
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gms
  const source = text(file)
  for (const match of source.matchAll(pattern)) {
    const specifier = match[2] ?? match[3] ?? ''
    found.push({ specifier, typeOnly: match[1] !== undefined, line: source.slice(0, match.index).split('\n').length })
  }
  return found
}

/** Where a relative import leads, as a path from the root; packages stay as they are. */
export function target(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts')
}
