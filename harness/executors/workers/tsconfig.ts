/**
 * Which tsconfig.json holds for a scenario file, and what it says of JSX. One that is only a list of references, as
 * workspaces and templates have it, stands for the one among them that the file belongs to.
 */
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { createPathsMatcher, parseTsconfig, type TsConfigResult } from 'get-tsconfig'
import type { JSXOptions } from 'jiti'

/**
 * Aliases for the loader, which itself reads the nearest tsconfig.json and follows no references: from what a specifier
 * begins with to a folder or a file.
 */
export function aliasesFor(file: string): Readonly<Record<string, string>> {
  const tsconfig = tsconfigFor(file)
  const placesOf = tsconfig && basename(tsconfig.path) !== 'tsconfig.json' ? createPathsMatcher(tsconfig) : null
  return Object.fromEntries(
    Object.keys(tsconfig?.config.compilerOptions?.paths ?? {}).flatMap((pattern) => {
      const [first] = placesOf?.(pattern.replace(/\*$/, '')) ?? []
      return first === undefined ? [] : [[pattern.replace(/\/\*$/, ''), resolve(first)]]
    }),
  )
}

/** What tsconfigs say to the loader of one scenario. */
export interface TsconfigPaths {
  readonly aliases: Readonly<Record<string, string>>
  /** Whether the tsconfig.json nearest to a module, which the loader reads, names paths. */
  readonly areNamedFor: (module: string) => boolean
}

/** Looked up once, however often the scenario's modules are loaded anew. */
export function pathsFor(scenario: string): TsconfigPaths {
  const known = new Map<string, boolean>()
  const areNamedFor = (module: string) => {
    const folder = dirname(module)
    const areNamed = known.get(folder) ?? arePathsIn(nearest(module))
    known.set(folder, areNamed)
    return areNamed
  }
  return { aliases: aliasesFor(scenario), areNamedFor }
}

const arePathsIn = (tsconfig: TsConfigResult | undefined) =>
  tsconfig !== undefined && createPathsMatcher(tsconfig) !== null

/** How the compiler is to treat JSX in a file with this text. */
export function jsxFor(file: string, source: string): JSXOptions {
  const {
    jsx = 'react-jsx',
    jsxImportSource,
    jsxFactory,
    jsxFragmentFactory,
  } = tsconfigFor(file)?.config.compilerOptions ?? {}
  // A file that names its function, as `@jsx h`, has it called.
  const isClassic = jsx === 'react' || /\/\*\*?[^*]*@jsx\s/.test(source)
  if (!isClassic) return { runtime: 'automatic', ...(jsxImportSource && { importSource: jsxImportSource }) }
  return {
    runtime: 'classic',
    ...(jsxFactory && { pragma: jsxFactory }),
    ...(jsxFragmentFactory && { pragmaFrag: jsxFragmentFactory }),
  }
}

/** What holds for a file. */
function tsconfigFor(file: string): TsConfigResult | undefined {
  const tsconfig = nearest(file)
  return tsconfig && partFor(tsconfig, file)
}

function nearest(file: string): TsConfigResult | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'tsconfig.json')
    if (existsSync(path)) return read(path)
    if (folder === dirname(folder)) return undefined
  }
}

/** The one among its references that takes the file in; itself where it has files of its own, or none does. */
function partFor(whole: TsConfigResult, file: string): TsConfigResult {
  const { references = [], files, include, compilerOptions } = whole.config
  const isList = files?.length === 0 && include === undefined && !compilerOptions?.paths
  if (!isList) return whole
  const parts = references.map(({ path }) => read(fileAt(resolve(dirname(whole.path), path))))
  return parts.find((part) => takesIn(part, file)) ?? parts.find(({ config }) => config.compilerOptions?.paths) ?? whole
}

const fileAt = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path

/** By the part of each pattern that holds no wildcard. */
function takesIn({ path, config: { include = ['**/*'] } }: TsConfigResult, file: string): boolean {
  const below = relative(dirname(path), file)
  if (below.startsWith('..')) return false
  return include.some((pattern) => {
    const fixed = pattern.split(/[*?]/)[0]?.replace(/^\.\//, '').replace(/\/$/, '').split('/').join(sep) ?? ''
    return fixed === '' || below === fixed || below.startsWith(`${fixed}${sep}`)
  })
}

/** What it extends is in it. One that cannot be read says nothing. */
function read(path: string): TsConfigResult {
  try {
    return { path, config: parseTsconfig(path) }
  } catch {
    return { path, config: {} }
  }
}
