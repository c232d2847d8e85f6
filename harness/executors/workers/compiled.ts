/**
 * The user's modules as they were compiled. They are kept in memory, for an agent that crashes is loaded anew each time, and
 * in files for other processes.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { TransformOptions, TransformResult } from 'jiti'
import { compiledFolder, isOurs } from './code-cache.js'

type Compile = (module: TransformOptions) => TransformResult

interface Compiled {
  readonly source: string
  readonly code: string
}

const inMemory = new Map<string, Compiled>()

/** Another compiler has files of its own. The number goes up where we have it compile in another way. */
const compiledBy = `${createRequire(import.meta.url)('jiti/package.json').version} 1`

/** As `compile` compiles it, or has compiled this source before. A mistake is not kept. */
export function compileOnce(module: TransformOptions, compile: Compile): TransformResult {
  const { filename, source, async, ts, jsx } = module
  if (filename === undefined) return compile(module)
  const key = JSON.stringify([filename, async, ts, jsx])
  const known = inMemory.get(key)
  if (known?.source === source) return { code: known.code }
  const result = readOrWrite(filename, `${compiledBy} ${key}`, source, () => compile(module))
  if (!isMistake(result)) inMemory.set(key, { source, code: result.code })
  return result
}

const isMistake = ({ code, error }: TransformResult) => error !== undefined || code.includes('__JITI_ERROR__')

function readOrWrite(filename: string, key: string, source: string, compile: () => TransformResult): TransformResult {
  const file = join(compiledFolder, `${basename(filename)}.${hash(key)}.js`)
  // Last, so that a file that somebody is about to write is not taken for a whole one.
  const seal = `\n//${hash(source)}`
  const kept = read(file)
  if (kept?.endsWith(seal)) return { code: kept.slice(0, -seal.length) }
  const result = compile()
  if (!isMistake(result)) write(file, result.code + seal)
  return result
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

function read(file: string): string | undefined {
  try {
    return isOurs(statSync(file)) ? readFileSync(file, 'utf8') : undefined
  } catch {
    return undefined
  }
}

/** Where nothing can be kept each process compiles for itself. */
function write(file: string, text: string): void {
  try {
    mkdirSync(compiledFolder, { recursive: true })
    writeFileSync(file, text)
  } catch {}
}
