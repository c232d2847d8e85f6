/** What follows from the table of options: which of them somebody takes, as types and as data, and what holds by default. */
import type { Kind } from './kind.js'
import { type CommandName, cores, type Here, type OptionPlace, type Row } from './row.js'
import { options } from './table.js'

type Table = typeof options
export type OptionName = keyof Table

/** What an option holds. */
export type ValueOf<Name extends OptionName> = Table[Name]['value'] extends Kind<infer Value> ? Value : never

/** The options that somebody takes. */
export type NamesOn<At extends OptionPlace> = {
  [Name in OptionName]: At extends keyof Table[Name]['on'] ? Name : never
}[OptionName]

/** The options of which the table says something. */
type NamesWith<Key extends string> = {
  [Name in OptionName]: Table[Name] extends { readonly [Said in Key]: unknown } ? Name : never
}[OptionName]

type RequiredOn<At extends OptionPlace> = {
  [Name in NamesOn<At>]: Table[Name] extends { readonly on: { readonly [Said in At]: { readonly required: true } } }
    ? Name
    : never
}[NamesOn<At>]

/** What a caller may say there. */
export type OptionsOf<At extends OptionPlace> = {
  readonly [Name in keyof Table as Name extends RequiredOn<At> ? Name : never]: ValueOf<Name>
} & {
  readonly [Name in keyof Table as Name extends Exclude<NamesOn<At>, RequiredOn<At>> ? Name : never]?: ValueOf<Name>
}

type AlwaysOn<At extends OptionPlace> = Extract<NamesOn<At>, NamesWith<'default'>> | RequiredOn<At>

/** What holds there when the defaults are filled in. */
export type SettledOn<At extends OptionPlace> = {
  readonly [Name in keyof Table as Name extends AlwaysOn<At> ? Name : never]: ValueOf<Name>
} & {
  readonly [Name in keyof Table as Name extends Exclude<NamesOn<At>, AlwaysOn<At>> ? Name : never]?:
    | ValueOf<Name>
    | undefined
}

/** The options of a command as they are on the command line, its arguments apart. */
export type FlagsOf<Name extends CommandName> = Omit<SettledOn<Name>, NamesWith<'argument'>>

/** What a configuration file may say. */
export type ConfigOptions = {
  readonly [Name in keyof Table as Name extends NamesWith<'config'> ? Name : never]?: ValueOf<Name>
}

/** What the report says of what was asked for: `null` where nothing was. */
export type ReportedOptions = {
  readonly [Name in NamesWith<'reported'>]: Name extends NamesWith<'default'> ? ValueOf<Name> : ValueOf<Name> | null
}

/** A row as those see it that go through all of them. */
export type AnyRow = Row<unknown>

export function rowOf(name: OptionName): AnyRow {
  return options[name] as AnyRow
}

/** In the order of the table. */
export const optionNames = Object.keys(options) as readonly OptionName[]

/** Every trial of the library asks for them. */
const namesKnown = new Map<OptionPlace, readonly OptionName[]>()

export function namesOn<At extends OptionPlace>(at: At): readonly NamesOn<At>[] {
  const names = namesKnown.get(at) ?? optionNames.filter((name) => Object.hasOwn(rowOf(name).on, at))
  namesKnown.set(at, names)
  return names as readonly NamesOn<At>[]
}

/** Those that a command takes from a configuration file; without a command all that may stand in one. */
export function configNames(command?: CommandName): readonly OptionName[] {
  return optionNames.filter((name) => {
    const { config = [] } = rowOf(name)
    return command === undefined ? config.length > 0 : config.includes(command)
  })
}

/** Those of which the report tells. */
export function reportedNames(): readonly OptionName[] {
  return optionNames.filter((name) => rowOf(name).reported)
}

/** In one sentence, as the place has it. */
export function summaryOf(name: OptionName, at: OptionPlace): string {
  return hereOf(name, at)?.summary ?? rowOf(name).summary
}

/** A summary as it stands by itself. */
export function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1).replace(/\.$/, '')}.`
}

/** What holds there where nothing is said; `parallelism` is how many trials the machine can run at once. */
export function defaultOf(name: OptionName, at: OptionPlace, parallelism: number): unknown {
  const { default: general } = rowOf(name)
  const value = hereOf(name, at)?.default ?? general
  return value === cores ? parallelism : value
}

/** What was said there, and the defaults of all else that has one. */
export function settledOn<At extends OptionPlace>(at: At, given: OptionsOf<At>, parallelism = 1): SettledOn<At> {
  const said = given as Readonly<Record<string, unknown>>
  const settled: Record<string, unknown> = {}
  for (const name of namesOn(at)) {
    const value = said[name] ?? defaultOf(name, at, parallelism)
    if (value !== undefined) settled[name] = value
  }
  return settled as SettledOn<At>
}

/** What is reported of settings, `null` for what is not set. */
export function reportedOf(settings: { readonly [Name in keyof ReportedOptions]?: unknown }): ReportedOptions {
  const said = settings as Readonly<Record<string, unknown>>
  return Object.fromEntries(reportedNames().map((name) => [name, said[name] ?? null])) as unknown as ReportedOptions
}

function hereOf(name: OptionName, at: OptionPlace): Here<unknown> | undefined {
  return rowOf(name).on[at]
}
