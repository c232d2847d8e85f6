/** What each scenario file is made of: the files of the user's own that it imports, and those that they import. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { importsIn } from './imports.js'
import { type Resolve, resolverIn } from './resolve.js'

export interface Graph {
  /** The scenario file, absolute. */
  readonly file: string
  /** All that it loads, itself included, absolute; with the places where something is looked for that is not there. */
  readonly loads: ReadonlySet<string>
  /** Whether it may load more than can be told from the sources. */
  readonly isOpen: boolean
}

/** In the order of the files. What cannot be read has no imports, which is reported by whoever runs it. */
export function graphsOf(files: readonly string[]): Graph[] {
  const walks = new Map<string, Walk>()
  return files.map((file) => {
    const folder = dirname(file)
    const walk = walks.get(folder) ?? walkIn(folder)
    walks.set(folder, walk)
    return walk(file)
  })
}

type Walk = (file: string) => Graph

interface Node {
  readonly next: readonly string[]
  readonly isOpen: boolean
}

/** Each module is read once for all the scenarios of a folder. */
function walkIn(folder: string): Walk {
  const resolve = resolverIn(folder)
  const nodes = new Map<string, Node>()
  const nodeOf = (file: string) => {
    const node = nodes.get(file) ?? read(file, resolve)
    nodes.set(file, node)
    return node
  }
  return (file) => {
    const loads = new Set([file])
    let isOpen = false
    // A set that grows while it is walked is walked to its end.
    for (const loaded of loads) {
      const node = nodeOf(loaded)
      isOpen ||= node.isOpen
      for (const next of node.next) loads.add(next)
    }
    return { file, loads, isOpen }
  }
}

function read(file: string, resolve: Resolve): Node {
  const source = /\.[cm]?[jt]sx?$/.test(file) ? textOf(file) : undefined
  if (source === undefined) return { next: [], isOpen: false }
  const { specifiers, isOpen } = importsIn(source)
  return { next: specifiers.flatMap((specifier) => resolve(specifier, file)), isOpen }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
