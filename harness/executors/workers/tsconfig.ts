/**
 * Which tsconfig.json holds for a scenario file, and what it says of JSX. One that is only a list of references, as
 * workspaces and templates have it, stands for the one among them that the file belongs to.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { createJiti, type JSXOptions } from 'jiti'

interface Tsconfig {
  readonly path: string
  readonly files?: readonly string[]
  readonly include?: readonly string[]
  readonly references?: readonly { readonly path: string }[]
  readonly compilerOptions?: {
    readonly paths?: Readonly<Record<string, readonly string[]>>
    readonly baseUrl?: string
    readonly jsx?: string
    readonly jsxImportSource?: string
    readonly jsxFactory?: string
    readonly jsxFragmentFactory?: string
  }
}

/**
 * Aliases for the loader, which itself reads the nearest tsconfig.json and follows no references: from what a specifier
 * begins with to a folder or a file.
 */
export function aliasesFor(file: string): Readonly<Record<string, string>> {
  const config = nearest(file)
  if (!config || basename(config.path) === 'tsconfig.json') return {}
  const { paths = {}, baseUrl = '.' } = config.compilerOptions ?? {}
  const from = resolve(dirname(config.path), baseUrl)
  return Object.fromEntries(
    Object.entries(paths).flatMap(([pattern, [first]]) =>
      first === undefined ? [] : [[pattern.replace(/\/\*$/, ''), resolve(from, first.replace(/\/\*$/, ''))]],
    ),
  )
}

/** How the compiler is to treat JSX in a file with this text. */
export function jsxFor(file: string, source: string): JSXOptions {
  const { jsx = 'react-jsx', jsxImportSource, jsxFactory, jsxFragmentFactory } = nearest(file)?.compilerOptions ?? {}
  // A file that names its function, as `@jsx h`, has it called.
  const isClassic = jsx === 'react' || /\/\*\*?[^*]*@jsx\s/.test(source)
  if (!isClassic) return { runtime: 'automatic', ...(jsxImportSource && { importSource: jsxImportSource }) }
  return {
    runtime: 'classic',
    ...(jsxFactory && { pragma: jsxFactory }),
    ...(jsxFragmentFactory && { pragmaFrag: jsxFragmentFactory }),
  }
}

function nearest(file: string): Tsconfig | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'tsconfig.json')
    if (existsSync(path)) return partFor(read(path), file)
    if (folder === dirname(folder)) return undefined
  }
}

/** The one among its references that takes the file in; itself where it has files of its own, or none does. */
function partFor(config: Tsconfig, file: string): Tsconfig {
  const { references = [], files, include, compilerOptions } = config
  const isList = files?.length === 0 && include === undefined && !compilerOptions?.paths
  if (!isList) return config
  const parts = references.map(({ path }) => read(fileAt(resolve(dirname(config.path), path)))).filter((part) => part)
  return parts.find((part) => takesIn(part, file)) ?? parts.find((part) => part.compilerOptions?.paths) ?? config
}

const fileAt = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path

/** By the part of each pattern that holds no wildcard. */
function takesIn({ path, include = ['**/*'] }: Tsconfig, file: string): boolean {
  const below = relative(dirname(path), file)
  if (below.startsWith('..')) return false
  return include.some((pattern) => {
    const fixed = pattern.split(/[*?]/)[0]?.replace(/^\.\//, '').replace(/\/$/, '').split('/').join(sep) ?? ''
    return fixed === '' || below === fixed || below.startsWith(`${fixed}${sep}`)
  })
}

const compiler = createJiti(import.meta.url, { fsCache: false, interopDefault: false })

/** With its comments and trailing commas it is no JSON, but it is JavaScript. One that cannot be read says nothing. */
function read(path: string): Tsconfig {
  try {
    const source = `module.exports = ${readFileSync(path, 'utf8')}`
    return { ...(compiler.evalModule(source, { filename: `${path}.cjs`, forceTranspile: false }) as object), path }
  } catch {
    return { path }
  }
}
