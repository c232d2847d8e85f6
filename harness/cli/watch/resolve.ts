/** From a specifier to the file of the user's own that it names, as the loader of scenario files would find it. */
import { realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createJiti } from '../../executors/workers/jiti.js'
import { aliasesFor } from '../../executors/workers/tsconfig.js'
import { standsAt } from '../options/paths.js'

/** The files that an import in `from` may stand for: one where it is there, the places to look for it where it is not. */
export type Resolve = (specifier: string, from: string) => readonly string[]

/** As modules are resolved that scenarios in this folder load: the `paths` of its tsconfig.json hold. */
export function resolverIn(folder: string): Resolve {
  const scenario = resolve(folder, 'scenario.chaos.ts')
  const jiti = createJiti(scenario, { tsconfigPaths: true, alias: aliasesFor(scenario), fsCache: false })
  const known = new Map<string, readonly string[]>()
  const lookUp = (specifier: string, from: string): readonly string[] => {
    const isRelative = /^\.{0,2}\//.test(specifier)
    const near = isRelative ? sourcesOf(resolve(dirname(from), specifier)) : []
    // The loader asks for many endings in many ways; nearly every import is settled by looking at one file or two.
    const found = near.slice(0, 2).find(isFile) ?? resolveModule(specifier, from)
    return found === undefined ? near : ownFile(found)
  }
  const resolveModule = (specifier: string, from: string) => {
    const url = jiti.esmResolve(specifier, { parentURL: pathToFileURL(from), try: true })
    return url?.startsWith('file:') ? fileURLToPath(url) : undefined
  }
  return (specifier, from) => {
    if (isBuiltin(specifier) || isHarness(specifier)) return []
    const key = `${dirname(from)}\0${specifier}`
    const files = known.get(key) ?? lookUp(specifier, from)
    known.set(key, files)
    return files
  }
}

/** What tests is no part of what is tested, also where it is linked to its sources. */
function isHarness(specifier: string): boolean {
  return specifier === 'agent-chaos' || specifier.startsWith('agent-chaos/')
}

/** Where a module may be that is called by this path, first where it nearly always is. */
function sourcesOf(path: string): string[] {
  const typescript = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
  return [path, typescript, `${path}.ts`, `${path}.js`, resolve(path, 'index.ts'), resolve(path, 'index.js')]
}

function isFile(path: string): boolean {
  return standsAt(path)?.isFile() ?? false
}

/** Packages are not the user's own, but for those of a workspace, which are installed as links. */
function ownFile(path: string): readonly string[] {
  if (!isFile(path)) return []
  const real = isInstalled(path) ? realpathSync(path) : path
  return isInstalled(real) ? [] : [real]
}

function isInstalled(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path)
}
