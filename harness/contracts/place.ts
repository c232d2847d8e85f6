/** Where in the user's own files something was called or thrown, as a stack tells it: `file:line`. */
import { fileURLToPath } from 'node:url'

/** Where this package's own modules lie, by URL and by path: a stack names them in either way. */
const own = [new URL('..', import.meta.url).href, fileURLToPath(new URL('..', import.meta.url))]

/** The first frame of an error's stack that is neither Node's, nor a dependency's, nor this package's own. */
export function placeOf(error: unknown): string | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined
  return typeof stack === 'string'
    ? outside(stack)
        .filter((frame) => !frame.includes('node_modules'))
        .map(place)
        .find(Boolean)
    : undefined
}

/** Where this package was called from. That may be in a dependency, for a scenario may come with one. */
export function callSite(): string | undefined {
  return outside(new Error('here').stack ?? '')
    .map(place)
    .find(Boolean)
}

function outside(stack: string): string[] {
  const isFrame = (line: string) => /^\s+at /.test(line) && !line.includes('node:')
  return stack.split('\n').filter((line) => isFrame(line) && !own.some((folder) => line.includes(folder)))
}

/** Loaders of TypeScript keep lines and not columns, so the column is left out. */
function place(frame: string): string | undefined {
  return frame.match(/(?:file:\/\/)?((?:\/|[A-Za-z]:)[^()]+?:\d+)(?::\d+)?\)?$/)?.[1]
}
