/**
 * Imports of the user's modules, put so that the loader finds them at once. TypeScript has people write `./refund.js` for
 * `refund.ts`. The loader looks for every other reading first, which took most of the time of loading.
 */
import { statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import type { TransformOptions, TransformResult } from 'jiti'
import { createJiti } from './jiti.js'

/** Compiles as the loader does by itself. */
const compiler = createJiti(import.meta.url, { interopDefault: false, fsCache: false })

/** Compiles a module; what it imports stays the same file, and is named as it is on disk. */
export function compileWithTwins(module: TransformOptions): TransformResult {
  const { filename } = module
  const plugins = filename === undefined ? [] : [() => namesTwins(dirname(filename))]
  return { code: compiler.transform({ ...module, babel: { ...module.babel, plugins } }) }
}

/** Of a node of Babel's, what is asked and changed here. */
interface Statement {
  readonly source?: { value: string } | null
}

interface Program {
  readonly node: { readonly body: readonly Statement[] }
}

/** A plugin for Babel. */
function namesTwins(folder: string) {
  const enter = ({ node: { body } }: Program) => {
    for (const { source } of body) if (source) source.value = twinOf(source.value, folder)
  }
  return { name: 'agent-chaos-names-twins', visitor: { Program: { enter } } }
}

const ofJavaScript: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}
/** Of what is named without an ending. */
const ofNone = ['.ts', '.tsx']

/** What is imported as it is named on disk: a file that is not there as written, and is with TypeScript's ending. */
function twinOf(specifier: string, folder: string): string {
  if (!specifier.startsWith('./') && !specifier.startsWith('../')) return specifier
  const ending = extname(specifier)
  const twins = ofJavaScript[ending]
  const stem = twins === undefined ? specifier : specifier.slice(0, -ending.length)
  const isThere = (name: string) => isFile(resolve(folder, name))
  if (isThere(specifier)) return specifier
  return (twins ?? ofNone).map((each) => stem + each).find(isThere) ?? specifier
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
