/**
 * The configuration file: where it is looked for, and what is in it, with the line of each option. What an option may be is
 * not known here.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { withoutMark } from '../../contracts/byte-order-mark.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import { parseJson } from '../../contracts/json-text.js'
import { reasonOf } from '../../contracts/system-error.js'
import { fileNamed, namesIn } from './paths.js'

const extensions = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'] as const
const names: readonly string[] = extensions.map((extension) => `agent-chaos.config.${extension}`)

export interface ConfigFile {
  /** From the working directory. */
  readonly file: string
  /** The folder that it stands in, absolute. */
  readonly folder: string
  readonly values: Readonly<Record<string, unknown>>
  /** `FILE:LINE` of an option, or the file where that is not to be seen. */
  where(option: string): string
}

/**
 * The nearest one, from the working directory upward, as tools beside it do. It is not taken from beyond the folder
 * with `.git`, for a file outside the repository would change a gate that nobody else can reproduce. Throws a
 * `UserError` where a folder has two.
 */
export function findConfig(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const entries = new Set(namesIn(folder))
    const [found, another] = names.filter((name) => entries.has(name))
    if (another !== undefined) throw new UserError(`${folder} has both ${found} and ${another}: keep one of them`)
    if (found !== undefined) return join(folder, found)
    if (entries.has('.git') || dirname(folder) === folder) return undefined
  }
}

/** The file that `--config` names, absolute. Throws a `UserError`. */
export function configNamed(file: string, cwd: string): string {
  const path = fileNamed(file, cwd, 'a file', '--config')
  const fits = extensions.some((extension) => path.endsWith(`.${extension}`))
  if (!fits) throw new UserError(`--config ${file}: expected a file that ends with .${extensions.join(', .')}`)
  return path
}

/** Rejects with a `UserError` that says where. */
export async function readConfig(path: string, cwd: string): Promise<ConfigFile> {
  const { isOptions, say } = await loader()
  const file = relative(cwd, path)
  const values = path.endsWith('.json')
    ? parseJson(textOf(path, file), 'expected options', file)
    : await importDefault(path, cwd)
  if (!isOptions(values)) {
    const expected = 'expected options, as defineConfig() returns them,'
    throw new UserError(`${expected} got ${typeof values === 'function' ? 'a function' : say(values)}`, file)
  }
  const lines = textOf(path, file).split('\n')
  const where = (option: string) => {
    const line = lines.findIndex((text) => mentions(text, option))
    return line < 0 ? file : `${file}:${line + 1}`
  }
  return { file, folder: dirname(path), values, where }
}

/** What compiles TypeScript, which most runs have no need of in this process. */
const loader = () => import('../../executors/workers/load.js')

async function importDefault(path: string, cwd: string): Promise<unknown> {
  const { isOptions, loadDefault } = await loader()
  try {
    return await loadDefault(path, isOptions)
  } catch (error) {
    if (!isUserError(error) || error.where === undefined) throw error
    const [place = '', ...rest] = error.where.split(/(?=:\d)/)
    throw new UserError(error.message, `${relative(cwd, place)}${rest.join('')}`)
  }
}

function textOf(path: string, file: string): string {
  try {
    return withoutMark(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, file)
  }
}

/** Whether a line gives the option, as far as a line shows it: not a comment, and the name before a colon or by itself. */
function mentions(line: string, option: string): boolean {
  if (/^\s*(\/\/|\*|\/\*)/.test(line)) return false
  const name = option.replace(/[^\w$]/g, '\\$&')
  return new RegExp(`(^|[\\s{,])(["']?)${name}\\2\\s*(:|,|}|$)`).test(line)
}
