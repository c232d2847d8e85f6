/** What a change touches, by what scenarios are made of. Pure; what changed and what is ignored are known before. */
import type { Graph } from './graph.js'

/** Whether some scenario is known to load it. */
export function isLoaded(file: string, graphs: readonly Graph[]): boolean {
  return graphs.some(({ loads }) => loads.has(file))
}

/**
 * Whether a file that no scenario is known to load may matter to all of them: data that the agent reads, a prompt, a
 * package.json. Not what is there to be run by itself: scenarios that were not asked for, and tests.
 */
export function mattersToAll(file: string, graphs: readonly Graph[]): boolean {
  return !isLoaded(file, graphs) && !/\.(chaos|test|spec)\.[cm]?[jt]sx?$/.test(file)
}

/** The scenario files that are to be run again, in the order of the graphs. */
export function filesTouchedBy(changed: readonly string[], graphs: readonly Graph[]): string[] {
  const touchesAll = changed.some((file) => mattersToAll(file, graphs))
  const isLoadedSomewhere = changed.some((file) => isLoaded(file, graphs))
  return graphs
    .filter(
      ({ loads, isOpen }) => touchesAll || (isOpen && isLoadedSomewhere) || changed.some((file) => loads.has(file)),
    )
    .map(({ file }) => file)
}

/** The later graphs, and what the same files loaded before: a module that is gone was loaded once. */
export function withEarlier(later: readonly Graph[], earlier: readonly Graph[]): Graph[] {
  return later.map((graph) => {
    const before = earlier.find(({ file }) => file === graph.file)
    return before ? { ...graph, loads: new Set([...graph.loads, ...before.loads]) } : graph
  })
}
