/**
 * Puts the package's modules into few files: a process that starts reads each file that it imports, and a run starts
 * several processes. What npm installed stays outside.
 */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type ChunkingContext, defineConfig, type Plugin } from 'rolldown'

interface Manifest {
  readonly exports: Readonly<Record<string, string | Module | { readonly import: Module }>>
  /** What is run for what it does, and not for what it exports. */
  readonly sideEffects: readonly string[]
}

interface Module {
  readonly default: string
}

const { exports, sideEffects } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

const published = Object.values(exports).map((one) => {
  if (typeof one === 'string') return one
  return 'import' in one ? one.import.default : one.default
})

/** What others import or start, as modules of the source. */
const entries = [
  ...published,
  ...sideEffects,
  './dist/harness/cli/finish-build.js',
  './dist/harness/executors/workers/executors.js',
]
  .map((file) => /^\.\/dist\/(.*)\.js$/.exec(file)?.[1])
  .filter((module) => module !== undefined)

/** What loads modules, and does so often. */
const loaders: Readonly<Record<string, Reach>> = {
  // By whoever starts, before everything else.
  start: (id) => id === resolve('harness/executors/workers/code-cache.ts'),
  scenario: reachFrom(['harness/index', 'harness/invariants/index', 'faults/index', 'harness/provider-kit/index']),
  worker: reachFrom(['harness/executors/workers/set-up', 'harness/executors/workers/serve']),
  early: reachFrom(['harness/cli/early']),
  command: reachFrom(['harness/cli/process']),
  run: reachFrom([
    'harness/cli/options/settings',
    'harness/cli/commands/run',
    'harness/campaign/index',
    'harness/executors/workers/executors',
  ]),
}

type Reach = (id: string, graph: ChunkingContext) => boolean

/** Whether it is imported by these, and not only when they need it. They themselves may do something as they load. */
function reachFrom(modules: readonly string[]): Reach {
  const roots = modules.map((module) => resolve(`${module}.ts`))
  let reached: ReadonlySet<string> | undefined
  const walk = (graph: ChunkingContext) => {
    const seen = new Set(roots)
    for (const id of seen) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) seen.add(imported)
    for (const root of roots) seen.delete(root)
    return seen
  }
  return (id, graph) => {
    reached ??= walk(graph)
    return reached.has(id)
  }
}

/** Modules with the same loaders share a file. What a module imports has its loaders at least, so no two files import each other. */
function fileOf(id: string, graph: ChunkingContext): string | null {
  const names = Object.entries(loaders).flatMap(([name, reaches]) => (reaches(id, graph) ? [name] : []))
  return names.length === 0 ? null : names.join('-')
}

/** A module that goes by its own place finds what it would find there, in whichever file it is. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform: (code, id) => {
    const place = `${root}${relative('.', id).replace(/ts$/, 'js')}`
    return code.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`)
  },
  renderChunk: (code, { fileName }) => code.replaceAll(root, '../'.repeat(fileName.split('/').length - 1)),
}
/** Stands for the folder of the build until it is known in which file of it a module comes to be. */
const root = 'folder-of-the-build:'

export default defineConfig({
  input: Object.fromEntries(entries.map((module) => [module, `${module}.ts`])),
  platform: 'node',
  external: (id) => !/^[./]/.test(id),
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  plugins: [keepPlaces],
  // The compiler has checked that there is nothing newer in it than Node 20 knows.
  transform: { target: 'esnext' },
  treeshake: false,
  // What the command line loads when it needs it is in the library from the start.
  checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
  preserveEntrySignatures: 'allow-extension',
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    // Below the harness, so that a stack tells them from the user's own files.
    chunkFileNames: 'harness/chunks/[name]-[hash].js',
    codeSplitting: { groups: [{ name: fileOf, debugName: 'files', includeDependenciesRecursively: false }] },
  },
})
