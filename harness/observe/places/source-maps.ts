/** Leads from compiled files to their sources, by the source maps that compilers leave beside them or in them. */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { normalize } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { StackFrame } from '../../contracts/place.js'

/** Reads each map once. Kept for as long as one trial is looked at. */
export class SourceMaps {
  readonly #maps = new Map<string, SourceMap | undefined>()

  /** Where it stands in the source; the same frame where there is no map, or one that does not know it. */
  sourceOf(frame: StackFrame): StackFrame {
    const map = this.#mapOf(frame.file)
    const entry = map?.findEntry(frame.line - 1, (frame.column ?? 1) - 1)
    if (!entry || !('originalSource' in entry)) return frame
    const file = pathIn(entry.originalSource, frame.file)
    return file === undefined
      ? frame
      : { ...frame, file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }

  #mapOf(file: string): SourceMap | undefined {
    if (!this.#maps.has(file)) this.#maps.set(file, readMap(file))
    return this.#maps.get(file)
  }
}

/** A map that cannot be read is none: a place in the compiled file is better than no place. */
function readMap(file: string): SourceMap | undefined {
  try {
    const address = [...readFileSync(file, 'utf8').matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1]
    return address === undefined ? undefined : new SourceMap(JSON.parse(contentOf(address, file)))
  } catch {
    return undefined
  }
}

function contentOf(address: string, file: string): string {
  const [, isBase64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(address) ?? []
  if (address.startsWith('data:'))
    return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data)
  return readFileSync(new URL(address, pathToFileURL(file)), 'utf8')
}

function pathIn(source: string, file: string): string | undefined {
  // A path with a drive is no address, though it reads as one.
  if (/^[A-Za-z]:[\\/]/.test(source)) return normalize(source)
  const base = pathToFileURL(file).href
  const url = URL.canParse(source, base) ? new URL(source, base) : undefined
  return url?.protocol === 'file:' ? fileURLToPath(url) : undefined
}
