/**
 * What code of one start of the agent opens, and what ends it when that start is over: connections, servers, children,
 * ports. Its process would have taken them with it.
 */
import { Socket } from 'node:net'
import { endingLines } from './lines.js'
import { activeHandles } from './runner.js'

/** From now on: what ends all that is opened until it is called; connections to others too, unless the world may use them. */
export function endingOpened(connections: 'too' | 'not'): () => void {
  const before = new Set<unknown>(activeHandles())
  const endLines = connections === 'too' ? endingLines() : () => {}
  const stays = (handle: unknown) =>
    before.has(handle) || isOfProcess(handle) || (connections === 'not' && handle instanceof Socket)
  return () => {
    endLines()
    for (const handle of activeHandles()) if (!stays(handle)) end(handle)
  }
}

function isOfProcess(handle: unknown): boolean {
  return handle === process.stdin || handle === process.stdout || handle === process.stderr
}

/** By whichever way it has. */
function end(handle: object): void {
  for (const way of ['destroy', 'kill', 'terminate', 'close']) {
    const ends: unknown = Reflect.get(handle, way)
    if (typeof ends !== 'function') continue
    Reflect.apply(ends, handle, [])
    return
  }
}
