/** What the table says of one option. */
import type { Kind } from './kind.js'

export const commands = [
  'run',
  'merge',
  'compare',
  'report',
  'replay',
  'pin',
  'list',
  'explain',
  'selftest',
  'init',
  'doctor',
  'work',
  'cancel',
  'completion',
] as const
export const libraryFunctions = ['runCampaign', 'assertResilient', 'runTrial', 'faultPlans'] as const

export type CommandName = (typeof commands)[number]
export type LibraryFunction = (typeof libraryFunctions)[number]
export type OptionPlace = CommandName | LibraryFunction

/** A default that is the machine's: how many trials it can run at once. */
export const cores = Symbol('as many as the machine has cores')

/** What is otherwise in one place than in the others. */
export interface Here<Value> {
  readonly default?: Value
  readonly summary?: string
  /** It must be given. */
  readonly required?: true
}

export interface Row<Value> {
  readonly value: Kind<Value>
  /** In one sentence, without its capital and full stop. */
  readonly summary: string
  readonly unit?: 'trials' | 'seconds' | 'MB' | 'processes' | 'plans' | 'faults'
  readonly default?: Value | typeof cores
  /** What holds where nothing sets it. */
  readonly unset?: string
  /** How help shows its value: `<n>`. */
  readonly shows?: string
  readonly short?: string
  /** What it holds on the command line where it is given by its name alone; a value follows after `=`. */
  readonly bare?: string
  /** What `--no-NAME` does. */
  readonly off?: string
  readonly on: { readonly [At in OptionPlace]?: Here<Value> }
  /** The commands that take it from the configuration file. */
  readonly config?: readonly CommandName[]
  /** What is found depends on it, so it stands in the `options` of the report. */
  readonly reported?: true
  /** It changes nothing about a run: how the command is to go about it. */
  readonly aboutCommand?: true
  /** On the command line it is an argument, and has no name. */
  readonly argument?: true
}

/** One row, whose defaults are of the kind of its values. */
export function option<Value, const Rest extends Omit<Row<Value>, 'value'>>(
  value: Kind<Value>,
  rest: Rest,
): { readonly value: Kind<Value> } & Rest {
  return { value, ...rest }
}
