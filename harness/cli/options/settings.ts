/**
 * What holds for a command, option by option, and where each value comes from: the command line wins over the configuration
 * file, which wins over the default. What an option may be in the file follows from what it may be on the command line.
 */
import { relative, resolve } from 'node:path'
import type { Command, Option } from 'commander'
import { checksBy } from '../../contracts/checks.js'
import { didYouMean, UserError } from '../../contracts/errors.js'
import { checkProviders, type ProviderOptions } from '../../define/providers.js'
import { said } from '../../executors/workers/load.js'
import type { Context } from '../context.js'
import { type ConfigFile, findConfig, namedConfig, readConfig } from './config-file.js'
import type { Paths } from './discover.js'
import type { Parser } from './numbers.js'

export interface Setting {
  /** As in the configuration file. */
  readonly name: string
  /** `undefined` where it is not set. */
  readonly value: unknown
  /** `command line`, `FILE:LINE` or `default`. */
  readonly from: string
}

export interface Settings {
  /** The configuration file, from the working directory, if there is one. */
  readonly file: string | undefined
  readonly all: readonly Setting[]
}

/** What is asked of the command, and changes nothing about a run. */
const aboutTheCommand: readonly string[] = ['config', 'printConfig', 'watch']

/** What only the command line can say: which part of a run this is, and how the command is to go about it. */
const commandLineOnly: readonly string[] = ['shard', ...aboutTheCommand]

/**
 * The settings of a command that was parsed, of those options that `taken` names, or of all. `paths` are its arguments,
 * `undefined` where it takes none. Rejects with a `UserError` for a file that is wrong in any of the options of `run`.
 */
export async function settingsOf(
  command: Command,
  paths: readonly string[] | undefined,
  context: Pick<Context, 'io' | 'providers'>,
  taken?: readonly string[],
): Promise<Settings> {
  const { cwd } = context.io
  const given = command.opts<{ readonly config?: string | false }>().config
  const config = await configOf(given, cwd)
  const inFile = config ? valuesIn(config, optionsOf(runOf(command)), cwd) : new Map<string, unknown>()
  const setting = (name: string, isGiven: boolean, value: unknown): Setting => {
    if (isGiven) return { name, value, from: 'command line' }
    const isTaken = inFile.has(name) && (taken?.includes(name) ?? true)
    return config && isTaken
      ? { name, value: inFile.get(name), from: config.where(name) }
      : { name, value, from: 'default' }
  }
  const handedIn = await providersIn(config, context)
  const options = [...optionsOf(command).keys()].filter((name) => !aboutTheCommand.includes(name))
  return {
    file: config?.file,
    all: [
      ...(paths === undefined ? [] : [setting('paths', paths.length > 0, paths)]),
      ...options.map((name) =>
        setting(name, command.getOptionValueSource(name) === 'cli', command.getOptionValue(name)),
      ),
      ...handedIn,
    ],
  }
}

/** What only a configuration file can say, for it is no text: which providers there are, and where. */
const configOnly = ['providers', 'endpoints'] as const

/** Providers by their names: they themselves are loaded by whoever runs trials. Throws a `UserError`. */
async function providersIn(
  config: ConfigFile | undefined,
  { providers }: Pick<Context, 'providers'>,
): Promise<Setting[]> {
  const option = configOnly.find((name) => config?.values[name] !== undefined)
  if (!config || option === undefined) return configOnly.map((name) => ({ name, value: undefined, from: 'default' }))
  const options = config.values as ProviderOptions
  const refuse = (rule: string): never => {
    const about = configOnly.find((name) => rule.startsWith(name)) ?? option
    throw new UserError(rule.replace(/\.$/, ''), config.where(about))
  }
  checkProviders(options, await providers(), checksBy(refuse))
  const values = { providers: options.providers?.map(({ name }) => name), endpoints: options.endpoints }
  const fromOf = (name: keyof typeof values) => (values[name] === undefined ? 'default' : config.where(name))
  return configOnly.map((name) => ({ name, value: values[name], from: fromOf(name) }))
}

/** The settings as a command takes them: its paths, and its options by name. */
export function flagsOf<Flags>({ all, file }: Settings): { readonly paths: Paths; readonly flags: Flags } {
  const values = Object.fromEntries(all.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
  const { paths = [], providers, endpoints, config: _, ...options } = values
  const flags = { ...options, ...((providers ?? endpoints) !== undefined && { config: file }) }
  const from = all.find(({ name }) => name === 'paths')?.from
  const isInFile = from !== undefined && from !== 'default' && from !== 'command line'
  return { paths: { paths: paths as readonly string[], from: isInFile ? from : undefined }, flags: flags as Flags }
}

async function configOf(given: string | false | undefined, cwd: string): Promise<ConfigFile | undefined> {
  if (given === false) return undefined
  const path = given === undefined ? findConfig(cwd) : namedConfig(given, cwd)
  return path === undefined ? undefined : readConfig(path, cwd)
}

/** What a configuration configures, whichever command reads it. */
function runOf(command: Command): Command {
  return command.parent?.commands.find((one) => one.name() === 'run') ?? command
}

/** Each option once by its name in the file, in the order of the help: of `--x` and `--no-x` the one that was there first. */
function optionsOf(command: Command): ReadonlyMap<string, Option> {
  const options = new Map<string, Option>()
  for (const option of command.options) {
    const name = option.attributeName()
    if (!options.has(name)) options.set(name, option)
  }
  return options
}

/** Every value in the file, as a command takes it. */
function valuesIn(config: ConfigFile, options: ReadonlyMap<string, Option>, cwd: string): Map<string, unknown> {
  const known = ['paths', ...configOnly, ...options.keys()].filter((name) => !commandLineOnly.includes(name))
  const values = new Map<string, unknown>()
  for (const [name, value] of Object.entries(config.values)) {
    if (value === undefined || configOnly.some((only) => only === name)) continue
    const refuse = (message: string): never => {
      throw new UserError(message, config.where(name))
    }
    if (commandLineOnly.includes(name)) refuse(`"${name}" is for the command line alone`)
    if (!known.includes(name))
      refuse(`a configuration has no option "${name}".${didYouMean(name, known)}`.replace(/\.$/, ''))
    const read = name === 'paths' ? readPaths(value) : readOption(value, options.get(name))
    values.set(
      name,
      read.kind === 'fits' ? fromHere(name, read.value, config, cwd) : refuse(`${name}: ${read.problem}`),
    )
  }
  return values
}

type Read = { readonly kind: 'fits'; readonly value: unknown } | { readonly kind: 'refused'; readonly problem: string }

const fits = (value: unknown): Read => ({ kind: 'fits', value })
const expected = (what: string, value: unknown): Read => ({
  kind: 'refused',
  problem: `expected ${what}, got ${shown(value)}`,
})

function readPaths(value: unknown): Read {
  const isPath = (path: unknown) => typeof path === 'string' && path !== ''
  if (Array.isArray(value) && value.every(isPath)) return fits(value)
  const odd = Array.isArray(value) ? value.find((path) => !isPath(path)) : value
  return expected('a list of files, folders or globs', odd)
}

/** By what the command line makes of it: a flag, a text, or whatever its own parser takes. */
function readOption(value: unknown, option: Option | undefined): Read {
  if (option?.isBoolean() || option?.negate) {
    return typeof value === 'boolean' ? fits(value) : expected('true or false', value)
  }
  const parser = option?.parseArg as Partial<Parser<unknown>> | undefined
  if (!parser?.fits || parser.expected === undefined) {
    return typeof value === 'string' ? fits(value) : expected('a text', value)
  }
  return parser.fits(value) ? fits(value) : expected(parser.expected, value)
}

function shown(value: unknown): string {
  if (typeof value === 'string' || Array.isArray(value)) return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : said(value)
}

/** Paths in the file are from its folder; a command takes them from the working directory. */
function fromHere(name: string, value: unknown, { folder }: ConfigFile, cwd: string): unknown {
  const path = (text: string) => relative(cwd, resolve(folder, text)) || '.'
  if (name === 'paths') return (value as readonly string[]).map(path)
  const written = (file: string) => (file === '-' || file === '' ? file : path(file))
  if (name === 'reporter') return (value as readonly string[]).map((text) => text.replace(/(?<==)[^,]+/g, written))
  return name === 'json' || name === 'otlp' ? written(String(value)) : value
}
