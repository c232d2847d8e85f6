/**
 * Which modules a source file names, read off its text and not by running it. It rather names too much than too little.
 * What stands in a comment or in a type costs a run too many at worst. A module that is overlooked costs the run that
 * matters.
 */

export interface Imports {
  /** Each once. */
  readonly specifiers: readonly string[]
  /** Whether it also loads something whose name is put together only as it runs. */
  readonly isOpen: boolean
}

/** After `from`, after a bare `import`, and as the argument of whatever loads a module. */
const named = /\b(?:from|import|(?:import|require)(?:\.meta)?(?:\.resolve)?\s*\()\s*(['"`])([^'"`$\n]+)\1/g
/** A relative path loads something, however it is handed over: `new URL('./worker.ts', import.meta.url)`, `fork('./agent.js')`. */
const relative = /(['"`])(\.{1,2}\/[^'"`$\n]*)\1/g
/** An argument that is neither a plain text nor missing. */
const computed = /\b(?:import|require)\s*\(\s*(?:[^\s'"`)]|`[^`]*\$\{)/

export function importsIn(source: string): Imports {
  const found = [...source.matchAll(named), ...source.matchAll(relative)]
  return {
    specifiers: [...new Set(found.map(([, , specifier = '']) => specifier))],
    isOpen: computed.test(source),
  }
}
