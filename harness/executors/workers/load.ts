/**
 * Loads a scenario file, TypeScript included and without a build step, and says where it does not compile. The
 * `paths` of the nearest tsconfig.json hold.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, sep } from 'node:path'
import { withoutMark } from '../../contracts/byte-order-mark.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import type { ExportedScenario, ScenarioSource } from '../../contracts/executor.js'
import { placeOf } from '../../contracts/place.js'
import type { Scenario } from '../../contracts/scenario.js'
import { declarationOf } from '../../define/declaration.js'
import { compileOnce } from './compiled.js'
import { FoundImports } from './found-imports.js'
import { createJiti } from './jiti.js'
import { jsxFor, pathsFor, type TsconfigPaths } from './tsconfig.js'
import { compileWithTwins } from './twins.js'

/** Which of the scenarios that a file holds. */
export type Which = Pick<ScenarioSource, 'repaired' | 'exported'>

/** What was looked up for a scenario, and holds however often its modules are loaded. */
export interface Lookups extends TsconfigPaths {
  readonly imports: FoundImports
}

export const lookupsFor = (file: string): Lookups => ({ ...pathsFor(file), imports: new FoundImports() })

/** `repaired`: a canary with its mistake repaired. Rejects with a `UserError` that says where. */
export async function loadScenario(
  file: string,
  { repaired = false, exported }: Which = {},
  lookups: Lookups = lookupsFor(file),
): Promise<Scenario> {
  if (exported) return loadExported(file, exported, lookups)
  const scenario = await loadDefault(file, isScenario, lookups)
  if (!isScenario(scenario)) {
    throw new UserError(`expected a default export made by defineScenario(), got ${say(scenario)}`, file)
  }
  if (!repaired) return scenario
  if (scenario.repaired) return scenario.repaired
  throw new UserError(`scenario "${scenario.name}" does not say how it is repaired`, file)
}

/** One of all that a file exports. Rejects with a `UserError` where it is not there, or cannot be told from another. */
async function loadExported(file: string, { name, lines }: ExportedScenario, lookups: Lookups): Promise<Scenario> {
  forgetOwnModules(file)
  const module = await importModule(file, lookups)
  const values = [module, ...Object.values(module), ...Object.values(Object(module.default) as object)]
  const scenarios = [...new Set(values)].filter(isScenario)
  const found = scenarios.filter((scenario) => scenario.name === name && isMadeAt(scenario, lines))
  const [first] = found
  if (first && found.length === 1) return first
  const at = `scenario "${name}", made at line ${lines.join(', called at line ')}`
  throw new UserError(`expected one export that is the ${at}; it exports ${found.length} of them`, file)
}

function isMadeAt(scenario: Scenario, lines: readonly number[]): boolean {
  const declared = declarationOf(scenario)
  return declared.kind === 'declared' && String(declared.lines) === String(lines)
}

/** The options in a configuration file. Whoever starts workers has read it before, and checked what is in it. */
export async function readOptions(file: string): Promise<Readonly<Record<string, unknown>>> {
  const options = file.endsWith('.json')
    ? JSON.parse(withoutMark(readFileSync(file, 'utf8')))
    : await loadDefault(file, isOptions)
  return isOptions(options) ? options : {}
}

/** A module without a default export is an object too, of another kind. */
export function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('default' in value)
}

/** What a file exports as its default, or one level down what is wanted. Rejects with a `UserError` that says where. */
export async function loadDefault(
  file: string,
  isWanted: (value: unknown) => boolean,
  lookups: Lookups = lookupsFor(file),
): Promise<unknown> {
  forgetOwnModules(file)
  const module = await importModule(file, lookups)
  // What a compiled CommonJS file exports by `module.exports =` is the module itself.
  const outer = isModule(module) ? module.default : module
  // One that was compiled from `export default` has its default one level down.
  const inner = (outer as { readonly default?: unknown } | null | undefined)?.default
  return !isWanted(outer) && isWanted(inner) ? inner : outer
}

/** The user's own modules are loaded anew for every file, so that none inherits another's state; packages stay. */
function forgetOwnModules(file: string): void {
  const { cache } = createRequire(import.meta.url)
  const own = packageOf(file)
  for (const path of Object.keys(cache)) {
    const of = packageOf(path)
    if (of === '' || of === own) delete cache[path]
  }
}

/** Asked for each module that is loaded, each time. */
const packages = new Map<string, string>()

/** The folder of the installed package that a file belongs to: a scenario may come with one. Empty for the user's own. */
function packageOf(path: string): string {
  const found = packages.get(path) ?? packageIn(path)
  packages.set(path, found)
  return found
}

function packageIn(path: string): string {
  const folders = path.split(sep)
  const modules = folders.lastIndexOf('node_modules')
  if (modules < 0) return ''
  const depth = folders[modules + 1]?.startsWith('@') ? 3 : 2
  return folders.slice(0, modules + depth).join(sep)
}

function isScenario(value: unknown): value is Scenario {
  return (value as { readonly kind?: unknown } | null | undefined)?.kind === 'agent-chaos/scenario'
}

/** What came in place of what was expected. */
export function say(value: unknown): string {
  if (value === undefined) return 'no default export'
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

type Module = { readonly default?: unknown }

/** Whether it has exports by name, a default one among them or not. */
function isModule(value: Module): boolean {
  return 'default' in value || '__esModule' in value || Object.prototype.toString.call(value) === '[object Module]'
}

/** How the loader looks for modules, and has them compiled. */
interface Search {
  readonly extensions: readonly string[]
  readonly compile: typeof compileWithTwins
}

/** The rarer endings are tried only where something was not found: each is tried for every import of every module. */
const quickly = (file: string): Search => ({
  extensions: [...new Set(['.ts', '.js', extname(file)])],
  // What is kept was compiled without its map.
  compile: mapped ? compileWithTwins : (module) => compileOnce(module, compileWithTwins),
})

/** Nothing that was compiled when another file was there. */
const thoroughly: Search = {
  extensions: ['.ts', '.tsx', '.js', '.jsx', '.mts', '.mjs', '.cts', '.cjs', '.json'],
  compile: compileWithTwins,
}

async function importModule(file: string, lookups: Lookups): Promise<Module> {
  try {
    return await importWith(file, lookups, quickly(file)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
      forgetOwnModules(file)
      return importWith(file, lookups, thoroughly)
    })
  } catch (error) {
    throw explain(error, file)
  }
}

let mapped = false

/** From now on what is compiled leads a debugger to its source. */
export function mapSources(): void {
  mapped = true
}

function importWith(
  file: string,
  { aliases, areNamedFor, imports }: Lookups,
  { extensions, compile }: Search,
): Promise<Module> {
  const jiti = createJiti(file, {
    interopDefault: false,
    tsconfigPaths: areNamedFor(file),
    alias: { ...aliases },
    // It would give a CommonJS package as an ES module to whoever imports it first, and without its default to everybody
    // after. What Node loads Node keeps; what the loader does belongs to this one load.
    moduleCache: false,
    fsCache: false,
    sourceMaps: mapped,
    extensions: [...extensions],
    transform: (module) => {
      // It reads the tsconfig.json of each module anew, and looks each import up there, whether there are paths or not.
      const { filename = file, source } = module
      jiti.options.tsconfigPaths = areNamedFor(filename)
      const compiled = compile({ ...module, jsx: /x$/.test(extname(filename)) && jsxFor(filename, source) })
      // What the nearest tsconfig.json names is found by the loader of each module.
      if (jiti.options.tsconfigPaths || compiled.error !== undefined) return compiled
      return { code: imports.nameIn(filename, compiled.code, find) }
    },
  })
  const find = (specifier: string, importer: string) => jiti.esmResolve(specifier, importer)
  return jiti.import(file)
}

function isNotFound(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_UNKNOWN_FILE_EXTENSION'].includes(String(code))
}

/** What went wrong while loading, with the place in the user's own files. */
function explain(error: unknown, file: string): UserError {
  if (isUserError(error)) return new UserError(error.message, error.where ?? placeOf(error) ?? file)
  const message = error instanceof Error ? error.message : String(error)
  const compile = message.match(/^ParseError: ([^\n]*?)\s*\n\s*(\S.*?):(\d+):(\d+)/)
  if (compile) return new UserError(`does not compile: ${compile[1]}`, `${compile[2]}:${compile[3]}:${compile[4]}`)
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return new UserError(`could not be loaded: ${name}${message.split('\n')[0]}`, placeOf(error) ?? file)
}
