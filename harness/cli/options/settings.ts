/**
 * What holds for a command, option by option, and where each value comes from. The command line wins over the
 * configuration file, which wins over the default. What an option may be is the table's to say, for the file and for
 * the command line.
 */
import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { checksBy } from '../../contracts/checks.js'
import { didYouMean, UserError } from '../../contracts/errors.js'
import { configNames, namesOn, type OptionName, rowOf } from '../../contracts/options/derived.js'
import type { CommandName } from '../../contracts/options/row.js'
import { problemWith } from '../../define/options.js'
import { checkProviders, type ProviderOptions } from '../../define/providers.js'
import type { Context } from '../context.js'
import { type ConfigFile, configNamed, findConfig, readConfig } from './config-file.js'
import type { Paths } from './discover.js'

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

/**
 * The settings of a command that was parsed. `paths` are its arguments, `undefined` where it takes none. Rejects with a
 * `UserError` for a file that is wrong in any of the options that may stand there, whichever command reads it.
 */
export async function settingsOf(
  command: Command,
  at: CommandName,
  paths: readonly string[] | undefined,
  context: Pick<Context, 'io' | 'providers'>,
): Promise<Settings> {
  const { cwd } = context.io
  const given = command.opts<{ readonly config?: string | false }>().config
  const config = await configOf(given, cwd)
  const inFile = config ? valuesIn(config, cwd) : new Map<OptionName, unknown>()
  const taken = configNames(at)
  const setting = (name: OptionName, isGiven: boolean, value: unknown): Setting => {
    if (isGiven) return { name, value, from: 'command line' }
    return config && inFile.has(name) && taken.includes(name)
      ? { name, value: inFile.get(name), from: config.where(name) }
      : { name, value, from: 'default' }
  }
  const handedIn = await providersIn(config, context)
  const names: readonly OptionName[] = namesOn(at)
  return {
    file: config?.file,
    all: [
      ...(paths === undefined ? [] : [setting('paths', paths.length > 0, paths)]),
      ...names
        .filter((name) => !rowOf(name).argument && !rowOf(name).aboutCommand)
        .map((name) => setting(name, command.getOptionValueSource(name) === 'cli', command.getOptionValue(name))),
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
  const path = given === undefined ? findConfig(cwd) : configNamed(given, cwd)
  return path === undefined ? undefined : readConfig(path, cwd)
}

/** Every value in the file, as a command takes it; providers are checked apart, for they need the catalogue. */
function valuesIn(config: ConfigFile, cwd: string): Map<OptionName, unknown> {
  const known = configNames()
  const values = new Map<OptionName, unknown>()
  for (const [name, value] of Object.entries(config.values)) {
    // An editor is told by it what may stand here.
    if (name === '$schema') continue
    if (value === undefined || configOnly.some((only) => only === name)) continue
    const refuse = (message: string): never => {
      throw new UserError(message, config.where(name))
    }
    const option = known.find((one) => one === name)
    if (option === undefined) {
      const isOption = namesOn('run').some((one) => one === name)
      if (isOption) return refuse(`"${name}" is for the command line alone`)
      return refuse(`a configuration has no option "${name}".${didYouMean(name, known)}`.replace(/\.$/, ''))
    }
    const problem = problemWith(option, value)
    values.set(option, problem === undefined ? fromHere(option, value, config, cwd) : refuse(problem))
  }
  return values
}

/** The options that name one file. */
const pathNames: readonly OptionName[] = ['json', 'otlp', 'known', 'failures']

/** Paths in the file are from its folder; a command takes them from the working directory. */
function fromHere(name: OptionName, value: unknown, { folder }: ConfigFile, cwd: string): unknown {
  const path = (text: string) => relative(cwd, resolve(folder, text)) || '.'
  if (name === 'paths') return (value as readonly string[]).map(path)
  const outputPath = (file: string) => (file === '-' || file === '' ? file : path(file))
  if (name === 'reporter') return (value as readonly string[]).map((text) => text.replace(/(?<==)[^,]+/g, outputPath))
  return pathNames.some((one) => one === name) ? outputPath(String(value)) : value
}
