/**
 * The contract of a configuration file: what `agent-chaos run` takes where the command line does not say otherwise. The
 * names are those of the options. The library does not read it: there the caller says what holds.
 */
import type { GateKind } from './budget.js'
import type { EndpointsOptions, Provider } from './provider.js'

export interface Config {
  /** Scenario files, folders or globs, from the folder of this file; none: `scenarios/`, or the current folder. */
  readonly paths?: readonly string[]
  /** Providers of models beside those that ship, for all scenarios. One of the same name takes the place of one that ships. */
  readonly providers?: readonly Provider[]
  /** Where a provider's API is reached, by its name, when it is not at the vendor's own origin. */
  readonly endpoints?: EndpointsOptions
  /** The seed of all chance. */
  readonly seed?: number
  /** Worker processes. */
  readonly workers?: number
  /** Bound on the systematic search, per scenario. */
  readonly trialsMax?: number
  /** Plans of several faults, drawn at random, to follow it. */
  readonly random?: number
  /** `false`: search only, no reliability is measured. */
  readonly measure?: boolean
  /** Bound on measuring reliability, per scenario. */
  readonly measureTrials?: number
  /** How reliability is judged, in place of what budgets say. */
  readonly gate?: GateKind
  /** Further fault rates at which reliability is measured. */
  readonly sweep?: readonly number[]
  /** Trials at each of them, per scenario. */
  readonly sweepTrials?: number
  /** Real seconds that one trial may take. */
  readonly trialTimeout?: number
  /** Megabytes that a worker may take. */
  readonly memoryMax?: number
  /** Only scenarios whose name contains it. */
  readonly grep?: string
  /** Stop after the first scenario that does not pass. */
  readonly bail?: boolean
  /** A file for the report as JSON, from the folder of this file; `-` is standard output. */
  readonly json?: string
  /** The same for the failing trials as OpenTelemetry traces. */
  readonly otlp?: string
  /** Reports to write, each NAME or NAME=FILE. */
  readonly reporter?: readonly string[]
  /** Exit 0 where there is nothing to run. */
  readonly passWithNoScenarios?: boolean
  /** Show the table of every fault at every site. */
  readonly coverage?: boolean
  /** Tell of each violation all that happened in its trial, and show that table. */
  readonly verbose?: boolean
  /** No progress, and only what did not pass. */
  readonly quiet?: boolean
  /** Colour whatever the output is, or none. */
  readonly color?: boolean
}

/** Gives the options of an `agent-chaos.config.ts` their type; export what it returns as the default. */
export function defineConfig(config: Config): Config {
  return config
}
